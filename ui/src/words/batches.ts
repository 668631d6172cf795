/** Labels of earlier exports: written again, undone. */
const on = (moment: string) => (/^\d/.test(moment) ? `le ${moment}` : moment);
const plural = (count: number, one: string, many = `${one}s`) => `${count}\u00a0${count > 1 ? many : one}`;

export const batches = {
  title: 'Lots précédents',
  none: 'Aucun lot pour l’instant.',
  batch: (batch: number) => `Lot n° ${batch}`,
  made: (until: string, moment: string) => `jusqu’au ${until}, créé ${on(moment)}`,
  undoneOn: (moment: string) => `annulé ${on(moment)}`,
  entries: (entries: number) => plural(entries, 'écriture'),
  again: 'Récrire le fichier',
  rewritten: (batch: number) => `Fichier du lot n° ${batch} récrit, identique au premier.`,
  undo: 'Annuler cet export…',
  undoTitle: (batch: number) => `Annuler l’export du lot n° ${batch} ?`,
  undoText: (entries: number) =>
    `${entries > 1 ? `Ses ${plural(entries, 'écriture')} redeviennent à exporter : le prochain lot les reprendra` : 'Son écriture redevient à exporter : le prochain lot la reprendra'}, avec ${entries > 1 ? 'les mêmes numéros' : 'le même numéro'}. Le fichier déjà créé ne doit plus servir : si votre cabinet l’a chargé, prévenez-le d’abord, sinon tout y serait deux fois. L’annulation reste inscrite dans le dossier.`,
  undoVerb: 'Annuler cet export',
  undone: (batch: number) => `Lot n° ${batch} annulé`,
  undoneText: (entries: number) => `${plural(entries, 'écriture')} de nouveau à exporter.`,
};
