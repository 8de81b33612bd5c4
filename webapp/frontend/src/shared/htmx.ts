/**
 * htmx 2 under a strict content security policy: no eval, no inline styles, CSRF token on every request.
 */
import htmx from 'htmx.org';
import { csrfToken } from './api';

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = 'auto';

document.addEventListener('htmx:configRequest', (event) => {
  const detail = (event as CustomEvent<{ verb: string; headers: Record<string, string> }>).detail;
  if (detail.verb !== 'get') detail.headers['X-CSRFToken'] = csrfToken();
});

export default htmx;
