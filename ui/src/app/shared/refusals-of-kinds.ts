import type { Form } from './refusals';

/** Of moments and windows of a day. */
export const TIMES: readonly Form[] = [
  [
    /^a daily window must read .+; it was ['"](.*)['"]$/s,
    (found) => $localize`a daily window must read "HH:MM-HH:MM" or "Mon-Fri HH:MM-HH:MM", such as "22:00-06:30"; it was '${found}:FOUND:'`,
  ],
  [
    /^a daily window must not end when it begins; .+; it was ['"](.*)['"]$/s,
    (found) => $localize`a daily window must not end when it begins; the whole day is "00:00-24:00"; it was '${found}:FOUND:'`,
  ],
  [
    /^a time of day must read .+; it was ['"](.*)['"]$/s,
    (found) => $localize`a time of day must read "HH:MM" or "Mon-Fri HH:MM", such as "18:30"; it was '${found}:FOUND:'`,
  ],
  [
    /^a time of day must be a text in quotes, such as "18:30"; without them YAML reads a number, here (.+)$/,
    (found) => $localize`a time of day must be a text in quotes, such as "18:30"; without them YAML reads a number, here ${found}:FOUND:`,
  ],
  [
    /^a moment must read .+; it was ['"](.*)['"]$/s,
    (found) =>
      $localize`a moment must read "YYYY-MM-DD HH:MM" in the local time of the home, or have an offset such as +01:00; it was '${found}:FOUND:'`,
  ],
  [
    /^a moment must be in whole seconds; it was ['"](.*)['"]$/,
    (found) => $localize`a moment must be in whole seconds; it was '${found}:FOUND:'`,
  ],
  [
    /^a meter changes its tariff on a quarter-hour, such as 06:45; it was "(.*)"$/,
    (found) => $localize`a meter changes its tariff on a quarter-hour, such as 06:45; it was "${found}:FOUND:"`,
  ],
  [
    /^an outage must end after it begins; it began (.+) and ended (.+)$/,
    (begin, end) => $localize`an outage must end after it begins; it began ${begin}:BEGIN: and ended ${end}:END:`,
  ],
  [
    /^an outage must end after it begins; in (.+), (.+) is before (.+)$/,
    (zone, end, begin) => $localize`an outage must end after it begins; in ${zone}:ZONE:, ${end}:END: is before ${begin}:BEGIN:`,
  ],
  [
    /^(\w+) must begin at different moments, but (.+) and (.+) are the same moment in (\S+); leave one out, or say .+$/,
    (what, one, other, zone) =>
      $localize`${what}:PROPERTY: must begin at different moments, but ${one}:ONE: and ${other}:OTHER: are the same moment in ${zone}:ZONE:; leave one out, or say the hour that comes twice with its offsets, such as 2026-10-25 02:00+02:00 and 2026-10-25 02:00+01:00`,
  ],
];

/** Of what kinds say of their own properties. */
export const KINDS: readonly Form[] = [
  [
    /^amps are set in steps of 0\.1, such as 10\.4; it was (\S+)$/,
    (found) => $localize`amps are set in steps of 0.1, such as 10.4; it was ${found}:FOUND:`,
  ],
  [
    /^an address or a network, such as 192\.168\.1\.0\/24; it was "(.+)"$/,
    (found) => $localize`an address or a network, such as 192.168.1.0/24; it was "${found}:FOUND:"`,
  ],
  [
    /^a meter on the network is tcp:\/\/HOST:PORT, such as tcp:\/\/p1\.local:8088; it was "(.*)"$/s,
    (found) => $localize`a meter on the network is tcp://HOST:PORT, such as tcp://p1.local:8088; it was "${found}:FOUND:"`,
  ],
  [
    /^(\w+) is about three phases, and network 1n230 has one; say network: 3n400, or 3x230$/,
    (name) => $localize`${name}:PROPERTY: is about three phases, and network 1n230 has one; say network: 3n400, or 3x230`,
  ],
  [
    /^(\w+) must not be above (\w+); they were (\S+) and (\S+)$/,
    (low, high, one, other) =>
      $localize`${low}:PROPERTY: must not be above ${high}:OTHER:; they were ${one}:VALUE: and ${other}:OTHER_VALUE:`,
  ],
  [
    /^(\w+) must not be above (\w+), (\S+); it was (\S+)$/,
    (low, high, limit, found) =>
      $localize`${low}:PROPERTY: must not be above ${high}:OTHER:, ${limit}:OTHER_VALUE:; it was ${found}:VALUE:`,
  ],
  [
    /^priority must name loads, battery and export once each; it was (.+)$/,
    (found) => $localize`priority must name loads, battery and export once each; it was ${found}:FOUND:`,
  ],
  [
    /^csv_column must name the column of (.+) that holds the load$/,
    (file) => $localize`csv_column must name the column of ${file}:FILE: that holds the load`,
  ],
  [
    /^the corners of a charge curve must rise in percent of the capacity; (\S+) came after (\S+)$/,
    (after, before) =>
      $localize`the corners of a charge curve must rise in percent of the capacity; ${after}:AFTER: came after ${before}:BEFORE:`,
  ],
  [
    /^a draw must end within (\S+) hours; (\S+) L at (\S+) L\/min take longer$/,
    (hours, litres, rate) =>
      $localize`a draw must end within ${hours}:HOURS: hours; ${litres}:LITRES: L at ${rate}:RATE: L/min take longer`,
  ],
  [
    /^(\w+) and (\w+) both say prices from moments on; leave one out$/,
    (one, other) => $localize`${one}:PROPERTY: and ${other}:OTHER: both say prices from moments on; leave one out`,
  ],
  [
    /^the curve sandia must have parameters; add sandia: \{paco: \.\.\., pdco: \.\.\., pso: \.\.\., pnt: \.\.\.\}$/,
    () => $localize`the curve sandia must have parameters; add sandia: {paco: ..., pdco: ..., pso: ..., pnt: ...}`,
  ],
  [
    /^a sandia curve must have pso < paco <= pdco; they were (\S+), (\S+) and (\S+)$/,
    (pso, paco, pdco) => $localize`a sandia curve must have pso < paco <= pdco; they were ${pso}:PSO:, ${paco}:PACO: and ${pdco}:PDCO:`,
  ],
  [
    /^rating_watts must be the paco of sandia; they were (\S+) and (\S+); set rating_watts: (\S+)$/,
    (rating, paco, wanted) =>
      $localize`rating_watts must be the paco of sandia; they were ${rating}:VALUE: and ${paco}:PACO:; set rating_watts: ${wanted}:WANTED:`,
  ],
  [
    /^holidays must be the code of a country \(ISO 3166\), such as BE or DE-BY; it was "(.*)"$/,
    (found) => $localize`holidays must be the code of a country (ISO 3166), such as BE or DE-BY; it was "${found}:FOUND:"`,
  ],
  [
    /^(\S+) has no part "(.*)" with holidays of its own; it has (.+)$/,
    (country, part, parts) => $localize`${country}:COUNTRY: has no part "${part}:PART:" with holidays of its own; it has ${parts}:PARTS:`,
  ],
  [
    /^the capacity of a panel must be the same however it is given, but (.+) makes (\S+) W and (.+) (\S+) W; leave one out$/,
    (way, watts, other, others) =>
      $localize`the capacity of a panel must be the same however it is given, but ${way}:WAY: makes ${watts}:WATTS: W and ${other}:OTHER: ${others}:OTHER_WATTS: W; leave one out`,
  ],
  [
    /^the capacity of a panel must be known, but (\w+) alone does not tell it; add its other half, or peak_watts$/,
    (half) =>
      $localize`the capacity of a panel must be known, but ${half}:PROPERTY: alone does not tell it; add its other half, or peak_watts`,
  ],
  [
    /^a weather from a file must name it; add file: PATH, or choose source: generated$/,
    () => $localize`a weather from a file must name it; add file: PATH, or choose source: generated`,
  ],
  [
    /^a thermal mass that is heated without end must rest at no more than (\d+) J; here it would rest at (\d+) J: .+$/,
    (most, rests) =>
      $localize`a thermal mass that is heated without end must rest at no more than ${most}:MOST: J; here it would rest at ${rests}:RESTS: J: let it lose more watts per kelvin, or give it less power or less mass`,
  ],
  [
    /^(\w+) must name a file below the folder of the home file; only the owner of the home may name others$/,
    (name) => $localize`${name}:PROPERTY: must name a file below the folder of the home file; only the owner of the home may name others`,
  ],
  [
    /^(\S+) cannot live with this and its file; why is in the owner's log of (.+)$/,
    (name, home) => $localize`${name}:NAME: cannot live with this and its file; why is in the owner's log of ${home}:HOME:`,
  ],
  [
    /^(\S+) cannot live with these properties \((\w+); the log says more\)$/,
    (name, cause) => $localize`${name}:NAME: cannot live with these properties (${cause}:CAUSE:; the log says more)`,
  ],
  [
    /^(\S+) must have at most (\d+) properties, but is given (\d+)$/,
    (name, most, count) => $localize`${name}:NAME: must have at most ${most}:MOST: properties, but is given ${count}:COUNT:`,
  ],
];

/** Of the home, when devices are added, switched, connected or removed. */
export const HOME: readonly Form[] = [
  [
    /^there is no device (\S+) in ([^;]+)(?:; its devices: (.*))?$/,
    (name, home, names) =>
      names
        ? $localize`there is no device ${name}:NAME: in ${home}:HOME:; its devices: ${names}:NAMES:`
        : $localize`there is no device ${name}:NAME: in ${home}:HOME:`,
  ],
  [/^the name (\w+) is taken$/, (name) => $localize`the name ${name}:NAME: is taken`],
  [/^the name "(.+)" is reserved; choose another$/, (name) => $localize`the name "${name}:NAME:" is reserved; choose another`],
  [
    /^a home can have only one (\S+), and (.+) already has one$/,
    (kind, home) => $localize`a home can have only one ${kind}:KIND:, and ${home}:HOME: already has one`,
  ],
  [/^(\S+) is switched on already$/, (name) => $localize`${name}:NAME: is switched on already`],
  [
    /^(\S+) is being started already: wait for the answer to who has asked first$/,
    (name) => $localize`${name}:NAME: is being started already: wait for the answer to who has asked first`,
  ],
  [
    /^(\S+) must be on to hear others than before: switch it on first$/,
    (name) => $localize`${name}:NAME: must be on to hear others than before: switch it on first`,
  ],
  [
    /^(\S+) has a ticket now and joins when it comes, but has not come within (\S+) s$/,
    (name, seconds) => $localize`${name}:NAME: has a ticket now and joins when it comes, but has not come within ${seconds}:SECONDS: s`,
  ],
  [
    /^(\S+) is heard by (.+): remove them first, or switch (\S+) off$/,
    (name, hearers) => $localize`${name}:NAME: is heard by ${hearers}:NAMES:: remove them first, or switch ${name}:NAME: off`,
  ],
  [
    /^the inverter keeps the balance of the home: it cannot be switched off or removed$/,
    () => $localize`the inverter keeps the balance of the home: it cannot be switched off or removed`,
  ],
  [
    /^a panel must hear a sun, but (\S+) hears none; add a device of kind sun to the home$/,
    (name) => $localize`a panel must hear a sun, but ${name}:NAME: hears none; add a device of kind sun to the home`,
  ],
  [
    /^(.+): none of them could speak first; let one of them not hear the next$/,
    (steps) => {
      const told = steps.replaceAll(/(\S+) hears ([^\s,]+)/g, (_, one, other) => $localize`${one}:NAME: hears ${other}:OTHER:`);
      return $localize`${told}:STEPS:: none of them could speak first; let one of them not hear the next`;
    },
  ],
  [
    /^the component failed with (\w+); its log says more$/,
    (cause) => $localize`the component failed with ${cause}:CAUSE:; its log says more`,
  ],
];
