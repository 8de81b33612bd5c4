/** The `translate` service of bpmn-js: Chinese from bpmn-js-i18n, corrected and completed by our own layer. */
import community from 'bpmn-js-i18n/translations/zn.js';

import { isEnglish } from '../shared/translate';
import { bpmnChinese } from './texts/bpmn-zh';

/** bpmn-js writes “User task” in menus and “User Task” in the header of the panel. */
function normal(text: string): string {
  return text.toLowerCase().replace(/[-\s]+/g, ' ');
}

const chinese = new Map<string, string>();
for (const [english, translation] of Object.entries({ ...community, ...bpmnChinese })) {
  chinese.set(normal(english), translation);
}

/** Texts of bpmn-js that were shown without a Chinese translation; a browser test expects none. */
export const untranslated = new Set<string>();

const HAN = /[㐀-鿿]/;

function bpmnTranslate(template: string, values: Record<string, string> = {}): string {
  let text = template;
  if (!isEnglish()) {
    const known = chinese.get(normal(template));
    if (known === undefined && /[A-Za-z]{2}/.test(template) && !HAN.test(template))
      untranslated.add(template);
    text = known ?? template;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export const translateModule = { translate: ['value', bpmnTranslate] };
