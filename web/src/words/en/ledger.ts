// Ledgers
export default {
  grid: {
    yes_words: 'yes y true 1 是 √ ✓ 有 对',
    no_words: 'no n false 0 否 × ✗ 无 不',
    required: 'required',
  },
};
