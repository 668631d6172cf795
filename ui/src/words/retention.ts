/** Labels of the retention (retenue de garantie) and of the PDFs that left. */
export const retention = {
  held: (amount: string, day: string) => `Retenue de garantie ${amount} · à libérer le ${day}`,
  heldOpen: (amount: string) => `Retenue de garantie ${amount}`,
  released: (amount: string, day: string) => `Retenue de garantie ${amount} · libérée le ${day}`,
  bond: 'Retenue de garantie remplacée par une caution bancaire',
  release: 'Libérer la retenue',
  releaseTitle: (amount: string, number: string) => `Libérer la retenue de ${amount} sur ${number} ?`,
  releaseText: (amount: string) => `${amount} s’ajoutent au net à payer de la facture, et un lien de paiement de ce qui reste dû est demandé. Une libération ne s’annule pas.`,
  done: (amount: string) => `${amount} à encaisser`,
  event: (amount: string) => `Retenue de garantie libérée, ${amount} à payer`,
  home: (customer: string) => `Retenue de garantie à libérer pour ${customer}`,
  homeText: (number: string, amount: string, day: string) => `${number} : ${amount} retenus jusqu’au ${day}.`,
  releaseOn: 'Retenue libérée le',
  releaseOnHint: 'un an après la facture',
  withBond: 'Une caution bancaire la remplace',
  withBondText: 'Rien n’est retenu, la mention est imprimée.',
} as const;

export const renditions = {
  title: 'Exemplaires remis',
  open: 'Ouvrir',
  openOf: (moment: string) => ` l’exemplaire du ${moment}`,
  duplicate: 'Télécharger un duplicata',
  way: { mail: 'par e-mail', file: 'en fichier', print: 'imprimé' },
  mark: {
    original: 'original',
    settled: 'acquittée',
    duplicate: 'duplicata',
    provisional: 'provisoire',
    trial: 'essai',
    demonstration: 'démonstration',
    test_link: 'lien de test',
  },
} as const;
