import { describe, expect, it } from 'vitest';
import { address, locate, routeNames } from './router';
import list from './routes.json';

describe('the router', () => {
  it('knows the routes of the list, and no other', () => {
    expect(list.map((route) => route.name)).toEqual([...routeNames]);
  });
  it('reads back every address it writes', () => {
    for (const name of routeNames) {
      const params = list.find((route) => route.name === name)?.path.includes(':id') ? { id: 'é/1 ?#' } : {};
      const place = locate(address(name, params, { filtre: 'late' }));
      expect(place?.name).toBe(name);
      expect(place?.params).toEqual(params);
      expect(place?.query.get('filtre')).toBe('late');
    }
  });
  it('finds nothing behind an unknown or broken address', () => {
    expect(locate('#/devis')).toBeNull();
    expect(locate('#/factures/%E0%A4%A')).toBeNull();
    expect(locate('')?.name).toBe('home');
  });
  it('refuses an address without its identity', () => {
    expect(() => address('invoice')).toThrow('id');
  });
});
