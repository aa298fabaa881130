// What a bounce's text says of the outcome, and where the returned original begins, as data with an example for each row.

import type { Action } from './report.ts';
import type { TextRule } from './text-bounce-signs.ts';

export type TextOutcomeRule = TextRule & { action: Action };

/** What became of the mail, if it is not simply failed; the first rule that fits counts. */
export const TEXT_OUTCOME_RULES: readonly TextOutcomeRule[] = [
  {
    action: 'failed',
    pattern: /\bpermanent(?:ly)?\b|(?<!non-)\bfatal\b|\b(?:given|giving) up\b|\bno further\b|\bwill not (?:be retried|continue|try)\b/i,
    meaning: 'no further attempts',
    example: "This is a permanent error; I've given up.",
  },
  {
    action: 'delayed',
    pattern: /\b(?:has|have) not yet been delivered|\bhas been (?:delayed|postponed)|\bis delayed\b|\bstill being retried/i,
    meaning: 'not delivered yet',
    example: 'has not yet been delivered to the following addresses',
  },
  {
    action: 'delayed',
    pattern: /\bwarning (?:message )?only\b|\bdo not need to resend|\badvisory-only/i,
    meaning: 'a warning',
    example: 'THIS IS A WARNING MESSAGE ONLY.',
  },
  {
    action: 'delayed',
    pattern: /\bwill (?:be retried|continue (?:to|for)|keep trying|be made|try again)|\battempts will continue/i,
    meaning: 'further attempts',
    example: 'Delivery attempts will continue to be made for 5 days.',
  },
  {
    action: 'relayed',
    pattern: /\bsuccessfully relayed\b|\bno delivery notification was sent by the destination\b/i,
    meaning: 'relayed to a server that sends no reports',
    example: 'Your message was successfully relayed to the following recipients',
  },
  {
    action: 'delivered',
    pattern:
      /\bsuccessfully delivered\b|\b(?:message|mail) (?:has been|was) delivered to (?:the following|these)\b|"notificationType\W{2,6}Delivery\b/i,
    meaning: 'delivered',
    example: 'Your message has been delivered to the following recipients:',
  },
];

/** Where the returned original begins. */
export const ORIGINAL_RULES: readonly TextRule[] = [
  {
    pattern: /^\W*(?:below|under|beneath)\b.{0,30}\b(?:is|line)\b.{0,40}\b(?:copy|original|message)\b/i,
    meaning: 'below is a copy',
    example: '--- Below this line is a copy of the message.',
  },
  {
    pattern: /^\W*(?:this|here|attached|included|attachment)\b.{0,20}\bis\b.{0,20}\b(?:copy|header)\b/i,
    meaning: 'this is a copy',
    example: '------ This is a copy of the message, including all the headers. ------',
  },
  {
    pattern: /^\W*(?:a )?copy of the original message\b/i,
    meaning: 'a copy of the original',
    example: 'A copy of the original message below this line:',
  },
  {
    pattern:
      /^\W*(?:the )?(?:header of the |first \d+ lines of your |your )?(?:original|unsent|returned|old|undelivered)[ -](?:mail|message|email)\b(?:(?! (?:was|could|cannot|has|details?)\b).){0,30}(?:[:.-]|$|follows?|info|headers?)/i,
    meaning: 'the original message',
    example: '----- Original message -----',
  },
  { pattern: /^\W*message (?:text|headers?) follows?\b/i, meaning: 'the message follows', example: 'Message headers follow.' },
  {
    pattern:
      /^\W*(?:ursprüngliche nachrichtenkopfzeilen|en-têtes de message d['’]origine|intestazioni originali|oorspronkelijke berichtkoppen|cabeçalhos originais|encabezados originales|ursprungshuvuden)/i,
    meaning: "Exchange's heading, localised",
    example: 'Ursprüngliche Nachrichtenkopfzeilen:',
  },
  {
    pattern: /^(?:received|return-path|message-id|dkim-signature|x-received|delivered-to|mime-version)\s{0,8}:/i,
    meaning: 'the headers themselves',
    example: 'Received: from mx.example.com',
  },
];
