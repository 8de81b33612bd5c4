/** The draft on the server: saved with the revision that was read, so that nobody overwrites anybody. */
import { ProblemError, sendJSON } from '../shared/api';
import { translate } from '../shared/translate';
import type { DraftState, ProblemReport } from './types';

export interface Addresses {
  create: string;
  check: string;
}

export class DraftSession {
  private changedSinceSave = false;

  constructor(
    private readonly key: string,
    private readonly addresses: Addresses,
    private draft: DraftState | null,
    private readonly report: (state: string, kind: 'plain' | 'warn' | 'bad') => void,
  ) {}

  get isDirty(): boolean {
    return this.changedSinceSave;
  }

  get isStored(): boolean {
    return this.draft !== null;
  }

  markChanged(): void {
    if (this.changedSinceSave) return;
    this.changedSinceSave = true;
    this.report(translate('有未保存的更改'), 'warn');
  }

  /** Store the files; true when the server has them. */
  async save(files: Record<string, string>): Promise<boolean> {
    this.report(translate('正在保存…'), 'plain');
    this.changedSinceSave = false;
    try {
      await this.store(files);
    } catch (error) {
      this.changedSinceSave = true;
      this.report(saveFailure(error), 'bad');
      return false;
    }
    if (!this.changedSinceSave)
      this.report(translate('已保存（{time}）', { time: this.draft!.saved_at }), 'plain');
    return true;
  }

  check(files: Record<string, string>): Promise<ProblemReport> {
    return sendJSON<ProblemReport>('POST', this.addresses.check, { key: this.key, files });
  }

  /** Offer the stored draft for release; returns the page that shows it. */
  async submit(note: string): Promise<string> {
    if (!this.draft) throw new Error('A draft is saved before it is submitted.');
    const { page_url: page } = await sendJSON<DraftState>('POST', this.draft.submit_url, { note });
    return page;
  }

  private async store(files: Record<string, string>): Promise<void> {
    if (!this.draft) {
      this.draft = await sendJSON<DraftState>('POST', this.addresses.create, { files });
      history.replaceState(null, '', this.draft.page_url);
      return;
    }
    const body = { files, revision: this.draft.revision };
    this.draft = await sendJSON<DraftState>('PUT', this.draft.save_url, body);
  }
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof ProblemError)) return error instanceof Error ? error.message : String(error);
  return [error.detail || error.title, ...error.errors.map((problem) => problem.message)]
    .filter(Boolean)
    .join(' ');
}

function saveFailure(error: unknown): string {
  if (error instanceof ProblemError && error.status === 409)
    return translate('草稿已在别处被更改。请导出您的版本，刷新页面后再合并。');
  return translate('保存失败：{reason}', { reason: reasonOf(error) });
}
