/** Hash router: which screen an address names, and the address of a screen. Paths are listed in routes.json. */
import { createSubscriber } from 'svelte/reactivity';
import { on } from 'svelte/events';
import list from './routes.json';

/** The names of routes.json; a test keeps both lists equal. */
export const routeNames = [
  'first-start',
  'new-company',
  'home',
  'invoices',
  'invoice',
  'editor',
  'mail',
  'reminders',
  'customers',
  'customer',
  'payments',
  'accounting',
  'payplug-account',
  'vat',
  'entries',
  'closings',
  'settings-company',
  'settings-numbering',
  'settings-books',
  'settings-payments',
  'settings-mailbox',
  'settings-reminders',
  'settings-texts',
] as const;

export type RouteName = (typeof routeNames)[number];
export type Params = Record<string, string>;
export type Location = { name: RouteName; params: Params; query: URLSearchParams };

const paths = new Map(list.map((route) => [route.name, route.path.split('/').filter(Boolean)]));

function paramsOf(pattern: string[], parts: string[]): Params | null {
  if (pattern.length !== parts.length) return null;
  const params: Params = {};
  for (const [index, part] of parts.entries()) {
    const expected = pattern[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = part;
    else if (expected !== part) return null;
  }
  return params;
}

function decoded(path: string): string[] | null {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** The screen a hash (`#/factures/12?etat=retard`) names, or null when there is none. */
export function locate(hash: string): Location | null {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
  const parts = decoded(path);
  if (!parts) return null;
  for (const name of routeNames) {
    const params = paramsOf(paths.get(name) ?? [], parts);
    if (params) return { name, params, query: new URLSearchParams(search) };
  }
  return null;
}

/** The address of a screen, for `href`. */
export function address(name: RouteName, params: Params = {}, query: Params = {}): string {
  const parts = (paths.get(name) ?? []).map((part) => {
    if (!part.startsWith(':')) return part;
    const value = params[part.slice(1)];
    if (!value) throw new Error(`address of ${name} lacks ${part}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(query).toString();
  return `#/${parts.join('/')}${search ? `?${search}` : ''}`;
}

/** Goes to a screen; `replace` leaves no way back to the current one. */
export function go(
  name: RouteName,
  params: Params = {},
  options: { query?: Params; replace?: boolean } = {},
): void {
  const target = address(name, params, options.query);
  if (options.replace) window.location.replace(target);
  else window.location.hash = target;
}

const subscribe = createSubscriber((update) => on(window, 'hashchange', update));

export const router = {
  /** The current location; reading it in a template or effect follows the address. */
  get current(): Location | null {
    subscribe();
    return locate(window.location.hash);
  },
};
