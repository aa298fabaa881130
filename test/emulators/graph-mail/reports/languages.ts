// The words of Exchange's reports that are localised; machine-readable fields never are.
import type { DeliveryKind, LanguageName, ReceiptKind } from './plan.ts';

export interface Words {
  readonly contentLanguage: string;
  readonly subject: Readonly<Record<DeliveryKind | ReceiptKind, string>>;
  readonly intro: Readonly<Record<DeliveryKind, string>>;
  readonly diagnostics: string;
  readonly generatingServer: string;
  readonly originalHeaders: string;
  readonly read: string;
  readonly notRead: string;
}

const whole = {
  en: {
    contentLanguage: 'en-US',
    subject: {
      failed: 'Undeliverable: ',
      delayed: 'Delivery delayed: ',
      delivered: 'Delivered: ',
      relayed: 'Relayed: ',
      expanded: 'Expanded: ',
      read: 'Read: ',
      notRead: 'Not read: ',
    },
    intro: {
      failed: 'Delivery has failed to these recipients or groups:',
      delayed: 'Delivery of your message to these recipients or groups is delayed. It will be tried again; you need not send it again:',
      delivered: 'Your message has been delivered to the following recipients:',
      relayed: 'Delivery to these recipients or groups is complete, but no delivery notification was sent by the destination server:',
      expanded: 'Your message was sent on to the members of these groups:',
    },
    diagnostics: 'Diagnostic information for administrators:',
    generatingServer: 'Generating server:',
    originalHeaders: 'Original message headers:',
    read: 'Your message was read on',
    notRead: 'Your message was deleted without being read on',
  },
  de: {
    contentLanguage: 'de-DE',
    subject: {
      failed: 'Unzustellbar: ',
      delayed: 'Zustellung verzögert: ',
      delivered: 'Zugestellt: ',
      relayed: 'Weitergeleitet: ',
      expanded: 'Erweitert: ',
      read: 'Gelesen: ',
      notRead: 'Nicht gelesen: ',
    },
    intro: {
      failed: 'Die Nachricht konnte an folgende Empfänger oder Gruppen nicht zugestellt werden:',
      delayed: 'Die Zustellung an folgende Empfänger oder Gruppen verzögert sich:',
      delivered: 'Die Nachricht wurde an folgende Empfänger zugestellt:',
      relayed: 'Die Nachricht wurde an folgende Empfänger weitergeleitet:',
      expanded: 'Die Nachricht wurde an die Mitglieder folgender Gruppen gesendet:',
    },
    diagnostics: 'Diagnoseinformationen für Administratoren:',
    generatingServer: 'Generierender Server:',
    originalHeaders: 'Ursprüngliche Nachrichtenkopfzeilen:',
    read: 'Die Nachricht wurde gelesen am',
    notRead: 'Die Nachricht wurde ungelesen gelöscht am',
  },
  fr: {
    contentLanguage: 'fr-FR',
    subject: {
      failed: 'Non remis : ',
      delayed: 'Remise retardée : ',
      delivered: 'Remis : ',
      relayed: 'Relayé : ',
      expanded: 'Développé : ',
      read: 'Lu : ',
      notRead: 'Non lu : ',
    },
    intro: {
      failed: 'Échec de la remise à ces destinataires ou groupes :',
      delayed: 'La remise à ces destinataires ou groupes est retardée :',
      delivered: 'Votre message a été remis aux destinataires suivants :',
      relayed: 'Votre message a été relayé aux destinataires suivants :',
      expanded: 'Votre message a été envoyé aux membres de ces groupes :',
    },
    diagnostics: 'Informations de diagnostic pour les administrateurs :',
    generatingServer: 'Serveur de génération :',
    originalHeaders: "En-têtes de message d'origine :",
    read: 'Votre message a été lu le',
    notRead: 'Votre message a été supprimé sans être lu le',
  },
} satisfies Record<string, Words>;

/** Languages of which only the words around the diagnostics are known; the rest stays English. */
function partly(contentLanguage: string, failed: string, diagnostics: string, generatingServer: string, originalHeaders: string): Words {
  const { en } = whole;
  return { ...en, contentLanguage, subject: { ...en.subject, failed }, diagnostics, generatingServer, originalHeaders };
}

export const languages: Readonly<Record<LanguageName, Words>> = {
  ...whole,
  it: partly(
    'it-IT',
    'Non recapitabile: ',
    'Informazioni di diagnostica per gli amministratori',
    'Server di generazione',
    'Intestazioni originali del messaggio:',
  ),
  nl: partly('nl-NL', 'Onbestelbaar: ', 'Diagnostische gegevens voor beheerders:', 'Bronserver:', 'Oorspronkelijke berichtkoppen:'),
  pt: partly(
    'pt-PT',
    'Não entregue: ',
    'Informações de diagnóstico para administradores:',
    'Servidor de origem:',
    'Cabeçalhos originais da mensagem:',
  ),
  sv: partly('sv-SE', 'Olevererbart: ', 'Diagnostisk information för administratörer:', 'Genererande server:', 'Ursprungshuvuden:'),
};
