/** Marks as required what the chosen outcome asks for; the server decides, this only tells earlier. */
import { register } from '../shared/controllers';

register('outcome', (element) => {
  const form = element.closest('form');
  if (!form) return;
  const update = () => {
    const chosen = element.querySelector<HTMLInputElement>('input:checked')?.value ?? '';
    for (const field of form.querySelectorAll<HTMLElement>('[data-required-when]')) {
      const needed = (field.dataset.requiredWhen ?? '').split(' ').includes(chosen);
      field.querySelector('label')?.classList.toggle('required', needed);
      const input = field.querySelector<HTMLElement>('.input');
      if (needed) input?.setAttribute('aria-required', 'true');
      else input?.removeAttribute('aria-required');
    }
  };
  element.addEventListener('change', update);
  update();
});
