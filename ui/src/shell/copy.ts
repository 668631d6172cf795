/** Puts a text on the clipboard; false when the system refuses. The window has no clipboard permission: the page's own means. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const had = document.activeElement;
    const field = document.createElement('textarea');
    field.value = text;
    field.setAttribute('aria-hidden', 'true');
    field.className = 'vh';
    document.body.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    if (had instanceof HTMLElement) had.focus({ preventScroll: true });
    return copied;
  }
}
