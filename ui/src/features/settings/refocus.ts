/** Where the focus goes when what a dialog asked about is gone, and with it the button that the dialog would give it back to. */

/** Runs once no dialog is open any more: until then the dialog keeps the focus. */
export function afterDialog(focus: () => void): void {
  requestAnimationFrame(() => {
    if (document.querySelector('[role="dialog"]')) afterDialog(focus);
    else focus();
  });
}
