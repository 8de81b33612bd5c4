/** The list of problems under the canvas; choosing one selects its element. */
import { translate } from '../../shared/translate';
import type { Problem, ProblemReport } from '../types';

export class ProblemList {
  private readonly headline: HTMLElement;
  private readonly list: HTMLElement;

  constructor(
    private readonly host: HTMLElement,
    private readonly choose: (problem: Problem) => void,
    private readonly nameOf: (elementId: string) => string,
  ) {
    this.headline = host.querySelector<HTMLElement>('[data-role="headline"]') ?? host;
    this.list = host.querySelector<HTMLElement>('[data-role="list"]') ?? host;
    this.say(translate('尚未检查'), 'plain');
  }

  say(text: string, kind: 'plain' | 'ok' | 'warn' | 'bad'): void {
    this.headline.textContent = text;
    this.host.dataset.kind = kind;
  }

  show(report: ProblemReport): void {
    const errors = report.problems.filter((problem) => problem.severity === 'error').length;
    const warnings = report.problems.length - errors;
    if (!report.problems.length) this.say(translate('检查通过，可以提交发布'), 'ok');
    else
      this.say(
        translate('{errors} 个错误，{warnings} 个警告', { errors, warnings }),
        errors ? 'bad' : 'warn',
      );
    const remarks = [
      report.soundness,
      report.second_opinion,
      ...report.not_cross_checked.map((what) => translate('未交叉验证：{what}', { what })),
    ];
    this.list.replaceChildren(
      ...report.problems.map((problem) => this.row(problem)),
      ...remarks.filter(Boolean).map(remark),
    );
    this.host.dataset.checked = 'true';
  }

  private row(problem: Problem): HTMLLIElement {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `problem problem--${problem.severity}`;
    button.append(
      part('strong', problem.severity === 'error' ? translate('错误') : translate('警告')),
      part('em', problem.element_id ? this.nameOf(problem.element_id) : translate('整个流程')),
      part('span', problem.message),
      part('small', translate('改法：{cure}', { cure: problem.cure })),
    );
    button.addEventListener('click', () => this.choose(problem));
    item.append(button);
    return item;
  }
}

function part(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function remark(text: string): HTMLLIElement {
  const item = document.createElement('li');
  item.className = 'problem-remark';
  item.textContent = text;
  return item;
}
