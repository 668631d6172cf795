import { describe, expect, it } from 'vitest';
import { placeOf } from './mention';

describe('what is missing', () => {
  it('leads to its field, wherever that is', () => {
    expect(placeOf('company.capital', 'CL-0001').href).toBe('#/parametres/entreprise?champ=capital');
    expect(placeOf('company.insurance', 'CL-0001').href).toBe('#/parametres/entreprise?champ=insurer');
    expect(placeOf('customer.siren', 'CL-0001').href).toBe('#/clients/CL-0001?champ=siren');
    expect(placeOf('company.address.line2', 'CL-0001').href).toBe('#/parametres/entreprise?champ=line2');
    expect(placeOf('company.insurance.insurer', 'CL-0001').href).toBe('#/parametres/entreprise?champ=insurer');
    expect(placeOf('lines[2].description', 'CL-0001')).toEqual({ href: null, field: 'lines[2].description' });
    expect(placeOf('site_address', 'CL-0001')).toEqual({ href: null, field: 'site_address' });
    expect(placeOf('deductions', 'CL-0001')).toEqual({ href: null, field: 'retention_percent' });
    expect(placeOf('customer.siren', '')).toEqual({ href: null, field: 'customer' });
  });
});
