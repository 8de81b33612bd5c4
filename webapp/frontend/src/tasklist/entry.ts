/** The inbox: keyboard, selection, drafts, files. Every one of them only helps; the page works without. */
import './inbox.css';
import './views.css';
import './list.css';
import './task.css';
import './action-bar.css';
import './checks.css';
import './shortcuts.css';
import './sheet.css';
import './auto-submit';
import './file-field';
import './keyboard';
import './outcome';
import './print';
import './task-form';
import './task-list';
