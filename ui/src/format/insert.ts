/** Puts a variable where the cursor stands in a field, in place of what is selected there. */

type Typed = Pick<HTMLInputElement | HTMLTextAreaElement, 'value' | 'selectionStart' | 'selectionEnd'>;

/** The field's new text, and where its cursor belongs once the text stands there. The field itself is left as it is. */
export function insertAt(field: Typed, token: string): { value: string; caret: number } {
  const { value } = field;
  const start = field.selectionStart ?? value.length;
  const end = Math.max(start, field.selectionEnd ?? start);
  return { value: value.slice(0, start) + token + value.slice(end), caret: start + token.length };
}
