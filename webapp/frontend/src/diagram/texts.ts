/** English of what the diagram viewer says; the keys are the Chinese texts. */
import { addEnglish } from '../shared/translate';

addEnglish({
  以列表查看流程元素: 'Elements as a list',
  放大: 'Zoom in',
  缩小: 'Zoom out',
  适应窗口: 'Fit to view',
  已完成: 'done',
  办理中: 'in progress',
  异常: 'failed',
  已取消: 'cancelled',
  新增: 'added',
  修改: 'changed',
  未到达: 'not reached',
  '{count} 次': '{count} times',
  未命名: 'unnamed',
  '{name}：{facts}': '{name}: {facts}',
  '，': ', ',
  '流程图。方向键平移，加号和减号缩放，0 适应窗口。': 'Diagram. Arrow keys pan, plus and minus zoom, 0 fits.',
  '流程图无法载入，请刷新页面重试。': 'The diagram could not be loaded. Reload the page to try again.',
});

/** Words for the state of an element. */
export const STATE_NAMES = {
  done: '已完成',
  active: '办理中',
  failed: '异常',
  cancelled: '已取消',
  added: '新增',
  changed: '修改',
} as const;
