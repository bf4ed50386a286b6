// 台账
export default {
  grid: {
    yes_words: '是 √ ✓ 有 对 y yes true 1',
    no_words: '否 × ✗ 无 不 n no false 0',
    required: '必填',
  },
};
