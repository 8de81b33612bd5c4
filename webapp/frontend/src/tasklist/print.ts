import { register } from '../shared/controllers';

register('print', (button) => button.addEventListener('click', () => window.print()));
