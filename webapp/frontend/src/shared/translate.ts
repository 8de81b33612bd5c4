/**
 * Texts that scripts show. The key is the Chinese text, as on the server; each page adds its English.
 */
const english = new Map<string, string>();

export function addEnglish(texts: Record<string, string>): void {
  for (const [chinese, translation] of Object.entries(texts)) english.set(chinese, translation);
}

export function isEnglish(): boolean {
  return document.documentElement.lang.startsWith('en');
}

/** Returns the text in the page's language, with `{name}` replaced from `values`. */
export function translate(chinese: string, values: Record<string, string | number> = {}): string {
  const text = isEnglish() ? (english.get(chinese) ?? chinese) : chinese;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
