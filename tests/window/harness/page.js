// How a person, or a screen reader, knows the things on the page. Every script of the harness begins with this text.
const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

const shown = (element) =>
  element.checkVisibility({ visibilityProperty: true }) &&
  element.getClientRects().length > 0 &&
  !element.closest('[inert], [aria-hidden="true"]');

const CONTROLS = 'input, select, textarea, [contenteditable="true"], [role="combobox"], [role="listbox"]';

// The words inside an element, without what is hidden and without what stands in its fields.
const words = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  if (node.getAttribute('aria-hidden') === 'true' || !node.checkVisibility()) return '';
  if (node.hasAttribute('aria-label')) return ` ${node.getAttribute('aria-label')} `;
  if (node.localName === 'img') return ` ${node.alt} `;
  if (node.localName === 'svg') return ` ${node.querySelector('title')?.textContent ?? ''} `;
  if (node.matches(CONTROLS)) return ' ';
  const inside = [...node.childNodes].map(words).join('');
  return getComputedStyle(node).display.startsWith('inline') ? inside : ` ${inside} `;
};

// The accessible name, after the rules of accname for what we use.
const nameOf = (element) => {
  const labelledBy = plain(element.getAttribute('aria-labelledby'));
  if (labelledBy) {
    return plain(labelledBy.split(' ').map((id) => document.getElementById(id)).filter(Boolean)
      .map((label) => label.getAttribute('aria-label') ?? label.textContent).join(' '));
  }
  if (plain(element.getAttribute('aria-label'))) return plain(element.getAttribute('aria-label'));
  if (element.labels?.length) return plain([...element.labels].map((label) => [...label.childNodes].map(words).join('')).join(' '));
  if (element.matches('input[type=submit], input[type=button]')) return plain(element.value);
  const own = element.matches(CONTROLS) ? '' : plain([...element.childNodes].map(words).join(''));
  return own || plain(element.title) || plain(element.getAttribute('placeholder'));
};

const KINDS = {
  press: 'button, a[href], summary, input[type=submit], input[type=button], input[type=checkbox], input[type=radio], ' +
    ['button', 'link', 'tab', 'option', 'menuitem', 'menuitemradio', 'menuitemcheckbox', 'radio', 'checkbox', 'switch']
      .map((role) => `[role=${role}]`).join(', '),
  fill: 'input:not([type=hidden], [type=submit], [type=button], [type=checkbox], [type=radio]), textarea, select, ' +
    '[contenteditable="true"], [role=textbox], [role=combobox], [role=searchbox], [role=spinbutton]',
};

const describe = (element) => `<${element.localName}${element.id ? ` id="${element.id}"` : ''}${
  typeof element.className === 'string' && element.className ? ` class="${element.className}"` : ''}>`;

// Where a click on the element lands; the label stands in for a control that is drawn by other means.
const target = (element) => {
  let covering = null;
  for (const place of [element, ...(element.labels ?? [])]) {
    place.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const box = place.getClientRects()[0];
    if (!box) continue;
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (hit && (place.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)))) return { place };
    covering = hit;
  }
  return { covering };
};

// Two frames at the same place: what still moves is not clicked.
const still = (element) => new Promise((done) => {
  const at = () => { const box = element.getBoundingClientRect(); return `${box.x} ${box.y} ${box.width} ${box.height}`; };
  const before = at();
  requestAnimationFrame(() => requestAnimationFrame(() => done(element.isConnected && at() === before)));
});

// Notes whether the next click lands on the element, or on a control that its label stands for.
const listen = (element) => {
  window.__clicked = 'nothing';
  addEventListener('click', (event) => {
    const path = event.composedPath();
    window.__clicked = path.includes(element) ? 'hit' : describe(event.target);
  }, { capture: true, once: true });
};

// { element } or { why }, for one named thing.
const find = async ({ kind, css, name, nth, within }) => {
  const scopes = within ? [...document.querySelectorAll(within)] : [document];
  const all = [...new Set(scopes.flatMap((scope) => [...scope.querySelectorAll(css ?? KINDS[kind])]))];
  const seen = all.filter((element) => shown(element) || [...(element.labels ?? [])].some(shown));
  const named = css ? seen : seen.filter((element) => nameOf(element) === plain(name));
  if (named.length === 0) {
    const others = css ? '' : `; there are: ${seen.map((element) => `“${nameOf(element)}”`).join(', ')}`;
    return { why: `there is no ${css ?? `“${name}”`}${within ? ` in ${within}` : ''}${others}` };
  }
  if (nth == null && named.length > 1) return { why: `${named.length} things are ${css ?? `called “${name}”`}: ${named.map(describe).join(' ')}` };
  const element = named[(nth ?? 1) - 1];
  if (!element) return { why: `only ${named.length} things are ${css ?? `called “${name}”`}` };
  if (element.matches(':disabled, [aria-disabled="true"]')) return { why: `${css ?? `“${name}”`} is disabled` };
  if (element.matches('[aria-busy="true"]')) return { why: `${css ?? `“${name}”`} is busy` };
  const { place, covering } = target(element);
  if (!place) return { why: `${css ?? `“${name}”`} is covered by ${covering ? describe(covering) : 'the edge of the window'}` };
  return (await still(place)) ? { element: place } : { why: `${css ?? `“${name}”`} does not stand still` };
};
