/** The `translate` service of bpmn-js: Chinese from bpmn-js-i18n, corrected and completed by our own layer. */
import community from 'bpmn-js-i18n/translations/zn.js';

import { isEnglish } from '../shared/translate';
import { bpmnChinese } from './texts/bpmn-zh';

const chinese: Record<string, string> = { ...community, ...bpmnChinese };

/** Texts of bpmn-js that were shown without a Chinese translation; a browser test expects none. */
export const untranslated = new Set<string>();

const HAN = /[㐀-鿿]/;

function bpmnTranslate(template: string, values: Record<string, string> = {}): string {
  let text = template;
  if (!isEnglish()) {
    const known = chinese[template];
    if (known === undefined && /[A-Za-z]{2}/.test(template) && !HAN.test(template))
      untranslated.add(template);
    text = known ?? template;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export const translateModule = { translate: ['value', bpmnTranslate] };
