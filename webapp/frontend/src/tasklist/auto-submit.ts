/** A filter form that applies itself; its button is only for browsers without script. */
import { register } from '../shared/controllers';

register('auto-submit', (element) => {
  const form = element as HTMLFormElement;
  for (const button of form.querySelectorAll<HTMLElement>('[data-without-script]')) button.hidden = true;
  form.addEventListener('change', () => form.requestSubmit());
});
