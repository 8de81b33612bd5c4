/** English of what the inbox scripts say; the keys are the Chinese texts. */
import { addEnglish } from '../shared/translate';

addEnglish({
  '正在上传 {name}…': 'Uploading {name}…',
  '{name} 上传失败：{reason}': '{name} could not be uploaded: {reason}',
  移除: 'Remove',
  '草稿未能保存，请检查网络后重试。': 'The draft could not be saved. Check the network and try again.',
  '表单有未保存的修改。': 'The form has unsaved changes.',
  '已输入 {count} / {limit} 字': '{count} of {limit} characters',
});
