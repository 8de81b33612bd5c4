/** What every page loads: styles, htmx and the small behaviours of the page frame. */
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/components.css';
import './styles/forms.css';
import './styles/rooms.css';
import './styles/sign-in.css';
import './styles/print.css';
import './htmx';
import './controllers';
import './menus';
import './confirm';
