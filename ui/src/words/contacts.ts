/** Labels of a customer's contacts. */
export const contacts = {
  title: 'Contacts',
  hint: 'Les personnes à qui vous écrivez chez ce client : gérant, comptabilité, gardien. Sans contact coché, les factures vont à l’adresse e-mail du client.',
  add: 'Ajouter un contact',
  contact: (name: string, place: number) => name.trim() || `Contact ${place}`,
  remove: (name: string, place: number) => `Retirer ${name.trim() || `le contact ${place}`}`,
  civility: 'Civilité',
  civilities: { '': 'Aucune', mrs: 'Madame', mr: 'Monsieur', both: 'Madame, Monsieur' },
  name: 'Nom',
  role: 'Fonction',
  rolePlaceholder: 'Comptabilité',
  getsMails: 'Reçoit les factures',
} as const;
