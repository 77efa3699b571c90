/**
 * What the window says of networks that go through a tunnel or nowhere, in English.
 * @module
 */

/** The choice in a profile. */
export const failClosedText = {
  title: 'When the tunnel cannot carry them',
  'while-up': {
    name: 'Refuse them while it is switched on',
    say: 'From on to off their packets go through the tunnel or nowhere, whatever becomes of it.',
  },
  always: {
    name: 'Always refuse them',
    say: 'Also while it is off: their packets go through the tunnel or nowhere, until it is deleted.',
  },
  never: {
    name: 'Let them take another way',
    say: 'Without the tunnel their packets leave by the machine’s other routes, unsealed.',
  },
} as const;

/** Networks that are refused now. */
export const refusedText = {
  list: '{{list}} and {{more}} more',
  say: 'Refused, not sent unsealed: {{list}}.',
  lost: {
    title_one: '{{list}} is refused until the tunnel is made anew.',
    title_other: '{{list}} are refused until the tunnel is made anew.',
    titleNone: 'The tunnel has to be made anew.',
    while: 'Nothing of it leaves this computer unsealed. Switching the tunnel off ends that.',
    always: 'Nothing of it leaves this computer unsealed.',
    never: 'Its networks may take another way meanwhile, unsealed: the profile lets them.',
  },
  trying: {
    title_one: '{{list}} is refused until the tunnel is up.',
    title_other: '{{list}} are refused until the tunnel is up.',
    while: 'Switching it off lets their packets take another way, unsealed.',
    always: 'The profile has it so, also while it is off.',
  },
  always: {
    title_one: '{{list}} is refused while the tunnel is off.',
    title_other: '{{list}} are refused while the tunnel is off.',
    say: 'The profile has it so. Switch the tunnel on to carry their packets, or change it under Interface.',
  },
  left: {
    title_one: '{{list}} is still refused, as the helper left it when it last ended.',
    title_other: '{{list}} are still refused, as the helper left them when it last ended.',
    say: 'Switch the tunnel on to carry their packets, or let them take another way, unsealed.',
  },
  makeAnew: 'Make it anew',
  switchOn: 'Switch it on',
  letGo: 'Let them go',
} as const;
