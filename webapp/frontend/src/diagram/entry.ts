/** The bundle for pages whose only script is the diagram. */
import './index';
