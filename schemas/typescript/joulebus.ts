// Made from joulebus.json by cd/process_specs.sh with @asyncapi/modelina. Do not edit.

/** Version of the specification. */
export const VERSION = "0.2.0"

/** A change was taken; it holds from this tick on. */
export interface Accepted {
  /** name of a device */
  'device': string;
  /** the first tick in which it holds */
  'from_tick': number;
  /** all properties that were given, when some changed */
  'properties'?: Record<string, any> | null;
  /** whether it is switched on, when that changed */
  'on'?: boolean | null;
}

/** The address; whoever opens it first, within an hour, is that person. */
export interface AccessGiven {
  /** name of a person or a program */
  'name': string;
  /** what they may do */
  'role': string;
  /** address of the dashboard; it is shown once, and kept nowhere */
  'page': string;
}

/** A contract of an asset with a partner. */
export interface AddContract {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** of the predecessor: what was served so far; 0, or left out */
  'balanced'?: number | null;
  /** of the predecessor: how much of it was served; 0, or left out */
  'fulfillment'?: number | null;
  /** of the predecessor: 0, or left out */
  'last_cleared_epoch'?: number | null;
  /** left out: the next free name */
  'contract_id'?: string | null;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** name of a meter, a group or a partner */
  'partner_id': string;
  /** to: the asset delivers; from: it purchases */
  'direction': AddContractDirection;
  /** only active contracts are served @default "active" */
  'status'?: AddContractStatus;
  /** left out: behind those that are there */
  'priority'?: number | null;
  /** Wh; most in an epoch */
  'energy'?: number | null;
  /** Wh; most in all */
  'total_energy'?: number | null;
  /** W; below this average nothing is served in an epoch */
  'load_min'?: number | null;
  /** W; above this average nothing more is served in an epoch */
  'load_max'?: number | null;
  /** first epoch in which it is served */
  'valid_from'?: number | string | null;
  /** first epoch in which it is served no more */
  'valid_until'?: number | string | null;
}

export type AddContractDirection = "to" | "from";

export type AddContractStatus = "active" | "inactive" | "ended";

/** Book the energy of a meter in an epoch; its rule says against whom, a negative amount turns the direction. */
export interface AddSettlement {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
  /** Wh */
  'wh': number;
  /** tariff segment, such as virtual_1 */
  'label'?: string | null;
  /** mg of CO2 @default 0 */
  'co2_mg'?: number;
  /** where a value comes from; a part of what is sealed @default "" */
  'source'?: string;
  /** of the predecessor; sealing is asked for with balancing.seal and never happens by the way @default false */
  'autoseal'?: boolean;
}

/** What people set of an appliance. */
export interface ApplianceProperties {
  /** while a timer keeps it on */
  'power_watts': number;
  /** while nothing of it runs */
  'standby_watts': number;
  /** when it is on */
  'timers': string[];
  /** each edge of a timer moves at random by up to this, every day again */
  'jitter_minutes': number;
  /** share of each period in which it draws its power */
  'duty_percent': number;
  /** length of a period */
  'duty_period_seconds': number;
  /** [seconds, watts], one after the other, from each start on */
  'program': [number, number][];
  /** when the program starts */
  'starts': string[];
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface ApplianceReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** The arrangement is kept; the change reaches every screen. */
export interface Arranged {
  /** of the last change; the next one has the next number */
  'revision': number;
}

/** A new device. */
export interface AskAdd {
  /** a name that is free in this home */
  'name': string;
  /** what it is; home.kinds lists what there is */
  'kind': string;
  /** what differs from the defaults of the kind */
  'properties'?: Record<string, any>;
  /** devices whose signals it uses; left out: all that its kind needs */
  'hears'?: string[] | null;
}

/** The home wants a device to join: it is expected, and belongs to the roster once it is ready. */
export interface AskAdmit {
  /** name of a device */
  'device': string;
  /** A device in a home: its kind, its properties and whether it is switched on. */
  'member': Member;
  /** who asked the home */
  'by'?: By | null;
}

/** Change the arrangement: named entries are changed in the fields that are given, null takes an entry or a field away. */
export interface AskArrange {
  /** by device */
  'devices'?: Record<string, PlacedChange | null>;
  /** by name */
  'groups'?: Record<string, PlacedGroup | null>;
}

/** An asset by name. */
export interface AskAsset {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** what it is: meter, balance … */
  'type'?: string | null;
}

/** An asset in an epoch. */
export interface AskBalance {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
}

/** A device has accepted new properties; from which tick do they hold? */
export interface AskChange {
  /** name of a device */
  'device': string;
  /** those that change */
  'properties': Record<string, any>;
  /** who asked the device; left out: it changes by itself */
  'by'?: By | null;
}

/** Who changed what, the last first. */
export interface AskChangeLog {
  /** number of a record; left out: up to the last */
  'before'?: number | null;
  /** how many at most @default 20 */
  'most'?: number;
}

/** What was changed about the home, or about one device. */
export interface AskChanges {
  /** left out: all */
  'device'?: string | null;
  /** of a page before: its first record */
  'before_record'?: number | null;
  /** how many; the latest count @default 100 */
  'most'?: number;
}

/** Money of a meter: the last clearings, newest first. */
export interface AskClearing {
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** how many at most @default 200 */
  'limit'?: number;
  /** first epoch */
  'from_epoch'?: number | string | null;
  /** first epoch that is not asked for */
  'until_epoch'?: number | string | null;
}

/** Contracts of an asset, as seller or partner; left out: all. MarketPage by page. */
export interface AskContracts {
  /** how many to leave out @default 0 */
  'first'?: number;
  /** how many at most; fewer come when they are large @default 1000 */
  'most'?: number;
  /** a meter, a group or a partner; left out: all */
  'asset_id'?: string | null;
}

/** A new home like another one, as that is at this moment; without its past. */
export interface AskCopyHome {
  /** name of a home */
  'name': string;
  /** a name that no home of this machine has */
  'to': string;
}

/** A new home: of an example, of a home file, or with a grid alone. */
export interface AskCreateHome {
  /** a name that no home of this machine has */
  'name': string;
  /** one of the examples */
  'example'?: string | null;
  /** a home file; its name is replaced */
  'yaml'?: string | null;
}

/** When the inverter decided otherwise. */
export interface AskDecisions {
  /** left out: a day before its end */
  'from_unix_seconds'?: number | null;
  /** left out: as far as the history goes */
  'to_unix_seconds'?: number | null;
  /** how many; the latest count @default 100 */
  'most'?: number;
}

/** Delete a home with all of its books. */
export interface AskDeleteHome {
  /** name of a home */
  'name': string;
  /** its name again, typed by a person */
  'confirm': string;
}

/** A device by name. */
export interface AskDevice {
  /** name of a device */
  'name': string;
}

/** The home wants a device to leave at the next tick that can still be changed. */
export interface AskDismiss {
  /** name of a device */
  'device': string;
  /** for good; else it is switched off @default false */
  'remove'?: boolean;
  /** who asked the home */
  'by'?: By | null;
}

/** Energy in a span, by device, by where it came from and went to, or by pair of accounts. */
export interface AskEnergy {
  /** left out: a day before its end */
  'from_unix_seconds'?: number | null;
  /** left out: as far as the history goes */
  'to_unix_seconds'?: number | null;
  /** length of a bucket; days and longer ones begin at midnight at the place of the home @default "auto" */
  'resolution'?: AskEnergyResolution | 'auto';
  /** buckets at most; auto takes the finest that fits @default 500 */
  'points_max'?: number;
  /** flow: sun>loads, grid>battery and so on @default "device" */
  'by'?: AskEnergyBy;
  /** of devices, flows or pairs of accounts; none: all of them @default [] */
  'names'?: string[];
}

export type AskEnergyBy = "device" | "flow" | "account";

export type AskEnergyResolution = "1s" | "10s" | "1m" | "5m" | "15m" | "1h" | "day" | "week" | "month" | "year";

/** An address of the dashboard that lets somebody in once; they are added when there is nobody of that name. */
export interface AskGiveAccess {
  /** name of a person or a program */
  'name': string;
  /** what they may do */
  'role': AskGiveAccessRole;
}

export type AskGiveAccessRole = "viewer" | "operator" | "trader" | "admin";

/** Others whose signals a device uses from now on. */
export interface AskHear {
  /** name of a device */
  'name': string;
  /** devices whose signals it uses; all of them, and no others */
  'hears': string[];
}

/** A home of this machine by name. */
export interface AskHome {
  /** name of a home */
  'name': string;
}

/** A kind by name. */
export interface AskKind {
  /** as home files say it */
  'kind': string;
}

/** Segments and prices of some epochs: by default the next 24 h. */
export interface AskLabels {
  /** left out: now, where there is a clock */
  'start_time'?: number | string | null;
  /** left out: 24 h later */
  'end_time'?: number | string | null;
}

/** The last balances of an asset, newest first. */
export interface AskLatest {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** how many @default 1 */
  'n'?: number;
  /** only epochs before this one */
  'before'?: number | string | null;
}

/** The last lines of the log of a part. */
export interface AskLogs {
  /** a device, or inverter, historian, balancer, screen, crossbar, supervisor */
  'name': string;
  /** how many at most @default 100 */
  'lines'?: number;
}

/** Who changed what in a market, the last first. */
export interface AskMarketChanges {
  /** only revisions before this one */
  'before'?: number | null;
  /** how many at most @default 100 */
  'most'?: number;
  /** also what the balancer booked from its home's ledger @default false */
  'ledger'?: boolean;
}

/** A meter by name. */
export interface AskMeter {
  /** name of a meter, a group or a partner */
  'meter_id': string;
}

/** A question without arguments. */
export interface AskNothing {

}

/** The merit order of a seller, page by page. */
export interface AskOrder {
  /** how many to leave out @default 0 */
  'first'?: number;
  /** how many at most; fewer come when they are large @default 1000 */
  'most'?: number;
  /** name of a meter, a group or a partner */
  'asset_id': string;
}

/** A part of a list that may be long. */
export interface AskPage {
  /** how many to leave out @default 0 */
  'first'?: number;
  /** how many at most; fewer come when they are large @default 1000 */
  'most'?: number;
}

/** The highest quarter-hours of a span. */
export interface AskPeaks {
  /** left out: a year before its end */
  'from_unix_seconds'?: number | null;
  /** left out: as far as the history goes */
  'to_unix_seconds'?: number | null;
  /** how many of the highest quarter-hours @default 10 */
  'most'?: number;
}

/** Who is balanced against an asset, page by page. */
export interface AskPeers {
  /** how many to leave out @default 0 */
  'first'?: number;
  /** how many at most; fewer come when they are large @default 1000 */
  'most'?: number;
  /** name of a meter, a group or a partner */
  'asset_id': string;
}

/** The postings of an epoch, page by page. */
export interface AskPostings {
  /** how many to leave out @default 0 */
  'first'?: number;
  /** how many at most; fewer come when they are large @default 1000 */
  'most'?: number;
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
  /** a meter, a group or a partner; left out: all */
  'asset_id'?: string | null;
}

/** The prices that hold in an epoch. */
export interface AskPrices {
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
}

/** Records of the journal from this number on. */
export interface AskReplay {
  /** number of the first record */
  'first': number;
  /** how many at most @default 64 */
  'most'?: number;
}

/** Somebody who may come in no more. */
export interface AskRevokeAccess {
  /** name of a person or a program */
  'name': string;
}

/** A run by name. */
export interface AskRun {
  /** name of the run */
  'run': string;
}

/** Properties of a appliance that are to change. */
export interface AskSetAppliance {
  /** while a timer keeps it on */
  'power_watts'?: number;
  /** while nothing of it runs */
  'standby_watts'?: number;
  /** when it is on */
  'timers'?: string[];
  /** each edge of a timer moves at random by up to this, every day again */
  'jitter_minutes'?: number;
  /** share of each period in which it draws its power */
  'duty_percent'?: number;
  /** length of a period */
  'duty_period_seconds'?: number;
  /** [seconds, watts], one after the other, from each start on */
  'program'?: [number, number][];
  /** when the program starts */
  'starts'?: string[];
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
}

/** Properties of a baseload that are to change. */
export interface AskSetBaseload {
  /** of a calendar year, to the joule; not used with a file */
  'annual_kwh'?: number;
  /** a file with a heading line, in place of the average household; begins again after its end */
  'csv_path'?: string;
  /** heading of the column with the load */
  'csv_column'?: string;
  /** of the numbers: power, or energy of a row */
  'csv_unit'?: AskSetBaseloadCsvUnit;
  /** of the numbers, in place of csv_unit; register: readings of a meter that counts up */
  'csv_other_unit'?: AskSetBaseloadCsvOtherUnit;
  /** from row to row; times in the file must agree */
  'csv_step_seconds'?: number;
  /** heading of the times; two are joined as "Date + Time"; gaps are refused */
  'csv_time_column'?: string;
  /** of times without offset: utc, standard (no summer time), wall (with both changes of the clock); profile: each row stands for its time on the wall, whatever the day */
  'csv_clock'?: AskSetBaseloadCsvClock;
  /** whether a time is the begin or the end of its row; auto refuses doubt */
  'csv_stamps'?: AskSetBaseloadCsvStamps;
  /** which number of 03/04/2026 is the day; auto refuses doubt */
  'csv_dates'?: AskSetBaseloadCsvDates;
  /** decimal mark of the numbers; auto refuses doubt */
  'csv_decimal'?: AskSetBaseloadCsvDecimal;
  /** of the first row; else its own time, else the home's start */
  'csv_begins'?: string | null;
  /** the file's, to be sure that it is still the same */
  'csv_sha256'?: string;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
}

export type AskSetBaseloadCsvClock = "" | "utc" | "standard" | "wall" | "profile";

export type AskSetBaseloadCsvDates = "auto" | "day_first" | "month_first";

export type AskSetBaseloadCsvDecimal = "auto" | "." | ",";

export type AskSetBaseloadCsvOtherUnit = "" | "kw" | "wh" | "wh_register" | "kwh_register";

export type AskSetBaseloadCsvStamps = "auto" | "begin" | "end";

export type AskSetBaseloadCsvUnit = "watts" | "joules" | "kwh";

/** Properties of a battery that are to change. */
export interface AskSetBattery {
  /** from empty to full */
  'capacity_kwh'?: number;
  /** of the capacity; it is never discharged below */
  'minimum_percent'?: number;
  /** of the capacity; it is never charged above */
  'maximum_percent'?: number;
  /** of the capacity, when it is new */
  'initial_percent'?: number;
  /** at its terminals */
  'charge_watts_max'?: number;
  /** at its terminals */
  'discharge_watts_max'?: number;
  /** share of the charge that arrives inside */
  'charge_efficiency_percent'?: number;
  /** share of the content that comes out */
  'discharge_efficiency_percent'?: number;
  /** that its electronics take from it, always */
  'standby_watts'?: number;
  /** whether its electronics go off when it is down at its minimum */
  'sleeps_at_minimum'?: boolean;
  /** of several batteries the highest is used first */
  'priority'?: number;
  /** dc: behind the inverter; ac: a converter of its own, which charges from surplus alone */
  'coupling'?: AskSetBatteryCoupling;
}

export type AskSetBatteryCoupling = "dc" | "ac";

/** Properties of a battery_program that are to change. */
export interface AskSetBatteryProgram {
  /** surplus: the battery takes sun and serves the home; cheap_hours: in the cheapest hours it is also charged with what the sun will be missing in the dear ones; look_ahead: the cheapest plan for 24 h, each quarter-hour anew */
  'strategy'?: AskSetBatteryProgramStrategy;
  /** of the battery, kept for outages; peaks may use none of it either */
  'reserve_percent'?: number;
  /** of the battery, to which cheap_hours charges it at most */
  'charge_target_percent'?: number;
  /** from the grid: above it the battery helps while it can, and the grid never charges it */
  'peak_watts_max'?: number | null;
  /** whether the battery feeds the grid where that pays: cheap_hours what it can spare, in the two dearest hours; look_ahead as the plan says, which may also sell the sun now and store it later */
  'sells'?: boolean;
  /** that comes out of the battery: charging from the grid and selling must earn it, too */
  'wear_euro_per_kwh'?: number;
  /** whether it serves cars that charge from more than sun: always, as any load; surplus: with what the home will not miss before the sun suffices; never: it waits, and helps above peak_watts_max alone */
  'helps_cars'?: AskSetBatteryProgramHelpsCars;
}

export type AskSetBatteryProgramHelpsCars = "always" | "surplus" | "never";

export type AskSetBatteryProgramStrategy = "surplus" | "cheap_hours" | "look_ahead";

/** Properties of a boiler that are to change. */
export interface AskSetBoiler {
  /** device of kind gas whose gas it burns */
  'supply'?: string;
  /** of heat that it gives to the house while it burns */
  'power_watts'?: number;
  /** share of the gas (gross) that heats the house */
  'efficiency_percent'?: number;
  /** of the rooms: there it goes off */
  'setpoint_celsius'?: number;
  /** so far below the set point it goes on again */
  'deadband_kelvin'?: number;
  /** when it keeps the house warm */
  'timers'?: string[];
  /** through walls, windows and air: 100 is a new house, 350 an old one */
  'loss_watts_per_kelvin'?: number;
  /** of air, furniture and the inner side of the walls */
  'heat_capacity_joules_per_kelvin'?: number;
  /** of heat from people, appliances and windows, on average */
  'gains_watts'?: number;
  /** of the air outside, where it hears no weather */
  'outside_celsius'?: number;
  /** of the rooms when the home begins */
  'initial_celsius'?: number;
  /** who goes without when gas is short: 0 first, 9 last */
  'shedding_priority'?: number;
}

/** Properties of a car that are to change. */
export interface AskSetCar {
  /** of its battery, from empty to full */
  'capacity_kwh'?: number;
  /** of the capacity, when it is new */
  'initial_percent'?: number;
  /** of the capacity, where charging ends */
  'target_percent'?: number;
  /** of the capacity, that the home leaves in it; driving may use it up */
  'minimum_percent'?: number;
  /** AC power that its own charger takes at most */
  'charge_watts_max'?: number;
  /** [percent of the capacity, percent of charge_watts_max], linear between; none: always all of it */
  'charge_curve'?: [number, number][];
  /** AC power that it gives to the home; its charger has to allow it, too */
  'discharge_watts_max'?: number;
  /** of its own charger: 1 or 3 */
  'phase_count'?: AskSetCarPhaseCount;
  /** share of the AC charge that arrives inside */
  'charge_efficiency_percent'?: number;
  /** share of the content that comes out as AC */
  'discharge_efficiency_percent'?: number;
  /** that its electronics take from it, always */
  'standby_watts'?: number;
  /** out of its battery */
  'consumption_wh_per_km'?: number;
  /** when it leaves, for how many hours and how many km; meanwhile it is unplugged */
  'trips'?: Trip[];
  /** false: not plugged in although it is at home */
  'plugged_in'?: boolean;
}

export type AskSetCarPhaseCount = 1 | 3;

/** Properties of a car_program that are to change. */
export interface AskSetCarProgram {
  /** of each battery, to which cars are charged; for a trip to more, if it needs that */
  'target_percent'?: number;
  /** of each battery: below it a car is charged at once, whatever it costs */
  'minimum_percent'?: number;
  /** when each car must have its target, such as "Mon-Fri 07:00" */
  'ready_by'?: string[];
  /** from the grid, in the mean of a quarter-hour: cars that can wait take what is left below it */
  'peak_watts_max'?: number | null;
  /** on each phase of a charger at most */
  'amps_max'?: number;
  /** false: it does not know the trips that the cars' own properties name */
  'follows_trips'?: boolean;
  /** iCalendar (.ics) with trips: "@car_x@ 80%" or "@car_x@ 120km" in the title of an event */
  'calendar_file'?: string;
  /** of the day, when an event departs that lasts all day */
  'all_day_hour'?: number;
}

/** Properties of a charger that are to change. */
export interface AskSetCharger {
  /** on each phase at most, in steps of 0.1; no car charges below 6: pause it */
  'amps'?: number;
  /** phases that it switches through: 1 or 3 */
  'phase_count'?: AskSetChargerPhaseCount;
  /** true: a car_program may set phase_count, to 1 where the sun or a limit leaves less than 3 phases need */
  'switches_phases'?: boolean;
  /** true: nothing flows */
  'pause'?: boolean;
  /** nothing flows so long after phase_count was changed */
  'switch_pause_seconds'?: number;
  /** that a car gets from when it is plugged in until it leaves; 0 is no limit */
  'energy_limit_wh'?: number;
  /** true: the car gets only what nobody else wants, and may serve the home */
  'surplus_only'?: boolean;
  /** from the car to the home, while surplus_only; 0 is never */
  'discharge_watts_max'?: number;
  /** share that arrives, each way */
  'efficiency_percent'?: number;
  /** between a phase and neutral */
  'volts'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** of this machine or container: there a living charger is an NRGkick Gen2; 0: none */
  'api_port'?: number;
  /** one line, USER:PASSWORD, that its API asks for; left out: whoever reaches the port sets */
  'api_password_file'?: string;
}

export type AskSetChargerPhaseCount = 1 | 3;

/** Properties of a foreign that are to change. */
export interface AskSetForeign {
  /** it may want this much at most; an offer beyond it is refused */
  'take_watts_max'?: number;
  /** it may produce this much at most */
  'give_watts_max'?: number;
  /** 0 is shed first, 9 last; it may say a lower one of itself */
  'shedding_priority'?: number;
  /** its own: only the device knows what they mean */
  'settings'?: Record<string, any>;
}

/** Properties of a fridge that are to change. */
export interface AskSetFridge {
  /** of its compressor */
  'power_watts'?: number;
  /** middle of the band in which it is kept */
  'setpoint_celsius'?: number;
  /** width of the band */
  'deadband_kelvin'?: number;
  /** of the kitchen */
  'ambient_celsius'?: number;
  /** through walls and door */
  'loss_watts_per_kelvin'?: number;
  /** of box and food */
  'heat_capacity_joules_per_kelvin'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** heat pumped out per electricity, 180 is a COP of 1.8 */
  'cop_percent'?: number;
}

/** Properties of a gas that are to change. */
export interface AskSetGas {
  /** false: no gas comes */
  'connected'?: boolean;
  /** that it carries; 69,000 is the usual meter of 6 m3/h */
  'limit_watts'?: number;
  /** calorific value (gross), by which its meter counts joules as m3 */
  'kwh_per_m3'?: number;
}

/** Properties of a geyser that are to change. */
export interface AskSetGeyser {
  /** of water in the tank */
  'litres'?: number;
  /** that its heating element or its burner gives to the water */
  'power_watts'?: number;
  /** at which the element goes off */
  'setpoint_celsius'?: number;
  /** so far below the set point it goes on again */
  'deadband_kelvin'?: number;
  /** when it may heat */
  'timers'?: string[];
  /** hot water that people take every day */
  'draws'?: Draw[];
  /** of the cold water */
  'inlet_celsius'?: number;
  /** around the tank */
  'ambient_celsius'?: number;
  /** through its insulation */
  'loss_watts_per_kelvin'?: number;
  /** when the home begins */
  'initial_celsius'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** device of kind gas whose gas heats it; none: electricity does */
  'supply'?: string | null;
  /** share of electricity or gas that heats the water */
  'efficiency_percent'?: number;
}

/** Properties of a grid that are to change. */
export interface AskSetGrid {
  /** false is an outage that nobody planned */
  'connected'?: boolean;
  /** that the connection carries into the home */
  'import_limit_watts'?: number;
  /** that the connection carries out of the home */
  'export_limit_watts'?: number;
  /** for energy taken, where nothing below says otherwise */
  'import_euro_per_kwh'?: number;
  /** prices during daily windows; the later in the list wins */
  'import_rates'?: Rate[];
  /** prices from moments on, in place of the price above */
  'import_prices_from'?: PriceFrom[];
  /** for energy given, where nothing below says otherwise */
  'export_euro_per_kwh'?: number;
  /** prices during daily windows; the later in the list wins */
  'export_rates'?: Rate[];
  /** prices from moments on, in place of the price above */
  'export_prices_from'?: PriceFrom[];
  /** CSV or JSON of prices by time, in place of the list; beyond its time import_euro_per_kwh */
  'import_prices_file'?: string;
  /** heading or key of the prices, when there are several */
  'import_prices_column'?: string;
  /** of the file; auto: what the heading names */
  'import_prices_unit'?: AskSetGridImportPricesUnit;
  /** CSV or JSON of prices by time, in place of the list; beyond its time export_euro_per_kwh */
  'export_prices_file'?: string;
  /** heading or key of the prices, when there are several */
  'export_prices_column'?: string;
  /** of the file; auto: what the heading names */
  'export_prices_unit'?: AskSetGridExportPricesUnit;
  /** heading or key of the times, when it is not found */
  'prices_time_column'?: string;
  /** of times without offset: utc, standard (no summer time) or wall (with both changes of the clock) */
  'prices_clock'?: AskSetGridPricesClock;
  /** of all prices, as it is shown; names of properties say euro */
  'currency'?: string;
  /** planned outages */
  'outages'?: Outage[];
  /** outages that come every day */
  'daily_outages'?: string[];
  /** 0 is none; until the first change below */
  'load_shedding_stage'?: number;
  /** stages from moments on */
  'load_shedding_changes'?: StageFrom[];
  /** in the timetable of the City of Cape Town */
  'load_shedding_area'?: number;
  /** by which load shedding lasts longer than its two hours */
  'switching_minutes'?: number;
  /** 1n230: one phase; 3x230: three without a neutral, 230 V between them; 3n400: three with 230 V to the neutral */
  'network'?: AskSetGridNetwork;
  /** fuse of each of three phases: loads on it bend before it does; 0: only the limit of all */
  'phase_limit_amps'?: number;
  /** devices that are on one of three phases; others draw from all alike */
  'phase_of'?: Record<string, AskSetGridPhaseOf>;
}

export type AskSetGridExportPricesUnit = "auto" | "euro_per_kwh" | "cent_per_kwh" | "euro_per_mwh";

export type AskSetGridImportPricesUnit = "auto" | "euro_per_kwh" | "cent_per_kwh" | "euro_per_mwh";

export type AskSetGridNetwork = "1n230" | "3x230" | "3n400";

export type AskSetGridPhaseOf = 1 | 2 | 3;

export type AskSetGridPricesClock = "" | "utc" | "standard" | "wall";

/** Properties of a inverter that are to change. */
export interface AskSetInverter {
  /** AC power at most; 0 is a plain switchboard */
  'rating_watts'?: number;
  /** what AC power is allowed at most, whatever its rating: in Belgium 5 kVA on one phase, 10 kVA on three */
  'grid_code'?: AskSetInverterGridCode;
  /** how its efficiency depends on its load */
  'curve'?: AskSetInverterCurve;
  /** of the curve pvwatts: 8 is a line that wakes at half a percent of its rating, 5 the parabola of 0.1 */
  'pvwatts_version'?: AskSetInverterPvwattsVersion;
  /** at its rating (pvwatts), or always (constant) */
  'efficiency_percent'?: number;
  /** parameters of the curve sandia */
  'sandia'?: SandiaCurve | null;
  /** drawn from the grid while nothing is converted; 1, or pnt of sandia */
  'night_watts'?: number | null;
  /** AC power it turns into charge; the rating when left out */
  'charge_watts_max'?: number | null;
  /** of turning AC into charge */
  'charge_efficiency_percent'?: number;
  /** what the sun is for, in this order */
  'priority'?: [AskSetInverterPriority, AskSetInverterPriority, AskSetInverterPriority];
  /** when the sun may charge the battery: always, never, or times such as ["10:00-16:00"] */
  'charge_from_sun'?: AskSetInverterChargeFromSun | string[];
  /** when the grid charges the battery up to its target */
  'charge_from_grid'?: AskSetInverterChargeFromGrid | string[];
  /** when the battery may serve the home */
  'discharge'?: AskSetInverterDischarge | string[];
  /** of the battery, kept for outages */
  'reserve_percent'?: number;
  /** when the reserve is kept: always, never, or times such as ["16:00-22:00"]; at others the battery serves on */
  'reserve_during'?: AskSetInverterReserveDuring | string[];
  /** whether the grid charges the battery up to the reserve when it is below */
  'restore_reserve'?: boolean;
  /** of the battery, where the grid's charge ends; the sun's ends at its maximum_percent */
  'charge_target_percent'?: number;
  /** the grid charges the battery up to its target while its price is below this */
  'charge_below_euro_per_kwh'?: number | null;
  /** the grid charges the battery up to its target in so many of the cheapest hours of each day */
  'charge_cheapest_hours'?: number;
  /** the battery serves the home only while the grid's price is not below this */
  'discharge_from_euro_per_kwh'?: number | null;
  /** nothing goes to the grid while it pays less than this; 0: never at a loss */
  'export_from_euro_per_kwh'?: number | null;
  /** the battery feeds the grid, down to the reserve, while it pays this or more */
  'sell_from_euro_per_kwh'?: number | null;
  /** to the grid at most; 0 is zero export, nothing is no limit */
  'export_limit_watts'?: number | null;
  /** from the grid at most; above it the battery helps, then loads are shed */
  'import_cap_watts'?: number | null;
  /** whether loads above import_cap_watts are shed; no: the grid serves what the battery cannot */
  'shed_above_import_cap'?: boolean;
  /** keep the battery for outages alone */
  'backup_only'?: boolean;
  /** serve the home while the grid is out; without a battery only with an outlet */
  'island_operation'?: boolean;
  /** an outlet of its own: the panels alone serve the home while the grid is out */
  'outlet'?: boolean;
  /** while the grid is out, night_watts come from the panels or the battery */
  'idle_from_battery'?: boolean;
}

export type AskSetInverterChargeFromGrid = "always" | "never";

export type AskSetInverterChargeFromSun = "always" | "never";

export type AskSetInverterCurve = "pvwatts" | "sandia" | "constant";

export type AskSetInverterDischarge = "always" | "never";

export type AskSetInverterGridCode = "none" | "belgium_one_phase" | "belgium_three_phases";

export type AskSetInverterPriority = "loads" | "battery" | "export";

export type AskSetInverterPvwattsVersion = 5 | 8;

export type AskSetInverterReserveDuring = "always" | "never";

/** Properties of a lights that are to change. */
export interface AskSetLights {
  /** of all lamps together, undimmed */
  'power_watts'?: number;
  /** when they are on */
  'timers'?: string[];
  /** each edge of a timer moves at random by up to this, every day again */
  'jitter_minutes'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** the power follows it in proportion */
  'brightness_percent'?: number;
}

/** Properties of a meter that are to change. */
export interface AskSetMeter {
  /** when tariff 1 (day) counts, on whole quarter-hours; otherwise tariff 2 (night) does */
  'day_windows'?: string[];
  /** country whose public holidays are night, such as BE or DE-BY; left out: a holiday is a day like any other */
  'holidays'?: string;
  /** of the meter */
  'serial_number'?: string;
  /** code of the connection, 18 digits; left out: it is not sent */
  'ean'?: string;
  /** text of the grid's operator in each telegram */
  'message'?: string;
  /** between a phase and neutral; currents follow from it */
  'nominal_volts'?: number;
  /** of the water meter whose litres are sent; left out: none are */
  'water_serial_number'?: string;
  /** of the gas meter whose volume is sent; left out: none is */
  'gas_serial_number'?: string;
  /** of this machine or container, at which a living meter sends its telegrams; 0: none */
  'telegram_port'?: number;
  /** whether a living meter sends them to a pseudo-terminal, too: NAME.p1 in the folder of the home's state */
  'telegram_terminal'?: boolean;
  /** of this machine or container: there a living meter speaks JSON by WebSocket; 0: none */
  'things_port'?: number;
  /** addresses or networks that may connect there, such as 192.168.1.0/24; none: this machine only */
  'things_from'?: string[];
  /** what no quarter-hour is to exceed, for warnings; 0: the month's peak, at least 2,500 */
  'peak_watts_max'?: number;
}

/** Properties of a meter_reader that are to change. */
export interface AskSetMeterReader {
  /** of telegrams: tcp://HOST:PORT, a serial device such as /dev/ttyUSB0, or a file; left out: none is read */
  'source'?: string;
}

/** Properties of a oven that are to change. */
export interface AskSetOven {
  /** of its heating element */
  'power_watts'?: number;
  /** middle of the band in which it is kept */
  'setpoint_celsius'?: number;
  /** width of the band */
  'deadband_kelvin'?: number;
  /** of the kitchen */
  'ambient_celsius'?: number;
  /** through walls and door */
  'loss_watts_per_kelvin'?: number;
  /** of box and food */
  'heat_capacity_joules_per_kelvin'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** when somebody bakes */
  'timers'?: string[];
}

/** Properties of a panel that are to change. */
export interface AskSetPanel {
  /** maximum capacity in standard test conditions; 5000 when nothing else says it */
  'peak_watts'?: number | null;
  /** of the field at maximum power; volts x amps is the capacity */
  'volts'?: number | null;
  /** of the field at maximum power */
  'amps'?: number | null;
  /** with module_watts another way to say the capacity */
  'module_count'?: number | null;
  /** capacity of one module */
  'module_watts'?: number | null;
  /** of all modules; with efficiency_percent a way to say the capacity */
  'area_m2'?: number | null;
  /** of the modules; 20 when only the area is known */
  'efficiency_percent'?: number | null;
  /** 0 is flat, 90 a wall */
  'tilt_degrees'?: number;
  /** where they look: 0 north, 90 east, 180 south, 270 west; to the equator when it is not said */
  'azimuth_degrees'?: number | null;
  /** of power, above 25 degrees Celsius */
  'temperature_coefficient_percent_per_kelvin'?: number;
  /** dirt, shade, mismatch, cables, age; the default is that of PVWatts */
  'losses_percent'?: number;
  /** share of light that the ground throws back */
  'albedo'?: number;
  /** how wind reaches their back */
  'mounting'?: AskSetPanelMounting;
  /** of sky, glass and cells; pvwatts_8: as PVWatts version 8 of NREL, within 1 % a year; hay_davies: as in 0.1 */
  'model'?: AskSetPanelModel;
  /** 0 is curtailed first, 9 last */
  'shedding_priority'?: number;
}

export type AskSetPanelModel = "hay_davies" | "pvwatts_8";

export type AskSetPanelMounting = "open_rack" | "roof" | "insulated";

/** Properties of a sun that are to change. */
export interface AskSetSun {
  /** strength of its light; 100 is what pvlib's clear sky and the weather say */
  'irradiance_percent'?: number;
  /** moves it along its way: 60 shows in every moment where it will stand an hour later */
  'position_shift_minutes'?: number;
}

/** Properties of a tv that are to change. */
export interface AskSetTv {
  /** while somebody watches */
  'power_watts'?: number;
  /** when somebody watches */
  'timers'?: string[];
  /** each edge of a timer moves at random by up to this, every day again */
  'jitter_minutes'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** while nobody does */
  'standby_watts'?: number;
}

/** Properties of a washing_machine that are to change. */
export interface AskSetWashingMachine {
  /** [seconds, watts], one after the other */
  'program'?: [number, number][];
  /** when somebody starts it; unheard while it runs */
  'starts'?: string[];
  /** after which it tries again when it got too little */
  'retry_seconds'?: number;
  /** 0 is shed first, 9 last */
  'shedding_priority'?: number;
  /** that a program takes; 0: none, as of a dryer */
  'water_litres'?: number;
}

/** Properties of a weather that are to change. */
export interface AskSetWeather {
  /** a weather file, chance from the home's seed, or the values below */
  'source'?: AskSetWeatherSource;
  /** generated: months with the mean light and warmth of the place; by_latitude: as in 0.1, of the latitude only */
  'climate'?: AskSetWeatherClimate;
  /** generated: light on level ground from January on, where you know it better */
  'monthly_ghi_kwh_m2'?: number[] | null;
  /** generated: mean air from January on, where you know it better */
  'monthly_air_celsius'?: number[] | null;
  /** path from the home file, or pvlib:12839.tm2 and such */
  'file'?: string | null;
  /** of the file; auto looks into it */
  'format'?: AskSetWeatherFormat;
  /** let a file of one real year stand for every year */
  'repeat_year'?: boolean;
  /** how far from the home the file's station may be */
  'place_tolerance_km'?: number;
  /** moves the rows of a file whose stamps or time zone are wrong; later is positive */
  'time_shift_minutes'?: number;
  /** refuse a file whose light fits the sun only when it is moved by 45 minutes or more */
  'time_check'?: boolean;
  /** by hand: share of clear-sky light that haze lets through */
  'transparency_percent'?: number;
  /** by hand: share of the sky under clouds */
  'cloud_cover_percent'?: number;
  /** by hand */
  'air_temperature_celsius'?: number;
  /** by hand: at 10 m above ground */
  'wind_m_s'?: number;
}

export type AskSetWeatherClimate = "of_place" | "by_latitude";

export type AskSetWeatherFormat = "auto" | "tmy2" | "tmy3" | "epw" | "pvgis" | "nsrdb";

export type AskSetWeatherSource = "file" | "generated" | "by_hand";

/** How energy between two moments is laid over the epochs between them; books nothing. */
export interface AskSettlement {
  /** Wh */
  'consumption': number;
  /** ms since 1970 in UTC, or an ISO 8601 time with its offset */
  'start_time': number | string;
  /** ms since 1970 in UTC, or an ISO 8601 time with its offset */
  'end_time': number | string;
  /** a meter */
  'meter_id'?: string | null;
}

/** A span of simulated time, and how fine. */
export interface AskSpan {
  /** left out: a day before its end */
  'from_unix_seconds'?: number | null;
  /** left out: as far as the history goes */
  'to_unix_seconds'?: number | null;
  /** length of a bucket; days and longer ones begin at midnight at the place of the home @default "auto" */
  'resolution'?: AskSpanResolution | 'auto';
  /** buckets at most; auto takes the finest that fits @default 500 */
  'points_max'?: number;
}

export type AskSpanResolution = "1s" | "10s" | "1m" | "5m" | "15m" | "1h" | "day" | "week" | "month" | "year";

/** How fast time goes. */
export interface AskSpeed {
  /** simulated seconds per real second, or "flat_out" */
  'speed': number | 'flat_out';
}

/** The postings of an asset, newest first and page by page: the next page begins where the last one says. */
export interface AskStatements {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** one epoch; left out: all, or those of from_epoch and until_epoch */
  'epoch'?: number | string | null;
  /** first epoch */
  'from_epoch'?: number | string | null;
  /** first epoch that is not asked for */
  'until_epoch'?: number | string | null;
  /** lines of the newest epoch that are not asked for @default 0 */
  'skip'?: number;
  /** lines at most @default 1000 */
  'most'?: number;
}

/** Advance by a number of ticks, then pause. */
export interface AskStep {
  /** how many @default 1 */
  'ticks'?: number;
}

/** Switch a device on or off. */
export interface AskSwitch {
  /** name of a device */
  'name': string;
  /** true starts its process, false ends it */
  'on': boolean;
}

/** Start a run: the home as it is, and each variant of it, over the same days from the same moment. */
export interface AskWhatIf {
  /** this home as it is at this moment, or a home file @default "running" */
  'source'?: AskWhatIfSource;
  /** the home file, when that is the source */
  'yaml'?: string | null;
  /** beside the home as it is, which is always the first @default [] */
  'variants'?: AskedVariant[];
  /** simulated days, from the moment of the source on @default 7 */
  'days'?: number;
  /** coarser ticks are faster; left out: those of the home */
  'tick_seconds'?: number | null;
}

export type AskWhatIfSource = "running" | "file";

/** The home with some things set otherwise. */
export interface AskedVariant {
  /** for people */
  'label': string;
  /** device.property, or device.on: value; a battery or panel of size 0 is not there */
  'changes'?: Record<string, any>;
}

/** What is known about an asset. */
export interface Asset {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** meter, balance, debit … : what it is */
  'type': string;
  /** Against whom an asset is balanced. A rule with one side serves both directions of a group's residual. */
  'balance_rule': Rule;
  /** any JSON about it */
  'client_meta'?: Record<string, any>;
  /** of a summing meter: its members @default [] */
  'sums'?: string[];
  /** what held before, oldest first; the last hundred @default [] */
  'past'?: PastRule[];
}

/** What an asset took and gave in an epoch, and how it is balanced. */
export interface AssetBalance {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** whether it is sealed, and so for ever */
  'sealed': boolean;
  /** Wh */
  'in_wh': number;
  /** Wh */
  'out_wh': number;
  /** Wh; in less out */
  'net_wh': number;
  /** Wh; what the seal will balance with the upstream; positive: a surplus @default 0 */
  'open_wh'?: number;
  /** who delivers what it lacks; sealed: who did, null: nobody had to */
  'upstream_from'?: string | null;
  /** who takes what it has too much; sealed: who did, null: nobody had to */
  'upstream_to'?: string | null;
  /** Wh served inside of the group @default 0 */
  'internal_wh'?: number;
  /** Wh by upstream: external */
  'bought_wh'?: Record<string, number>;
  /** Wh by upstream: external */
  'sold_wh'?: Record<string, number>;
  /** mg of CO2; in less out @default 0 */
  'co2_mg'?: number;
  /** the first ones; balancing.postings has them all @default [] */
  'postings'?: Posting[];
  /** how many there are in all @default 0 */
  'postings_total'?: number;
  /** what a seal would add, the first ones @default [] */
  'proposed'?: Posting[];
}

/** The proof of an asset's postings in an epoch, chained to its seal before and to the market's. */
export interface AssetSeal {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** SHA-256 of the sealed document */
  'hash': string;
  /** of the batch in the market's chain */
  'number'?: number | null;
}

/** Assets, by name. */
export interface Assets {
  /** sorted by name */
  'assets': Asset[];
  /** how many there are in all */
  'total': number;
}

/** How far the audit is, and what it found; also told whenever that changes, at most twice a second. */
export interface AuditState {
  /** never: nobody has asked since the home is up */
  'state': AuditStateState;
  /** of the books @default 0 */
  'progress_ppm'?: number;
  /** whether everything agrees; null: not known */
  'is_sound'?: boolean | null;
  /** what all accounts sum to; 0 in sound books */
  'missing_joules'?: number | null;
  /** that were counted again */
  'records'?: number | null;
  /** that were counted again */
  'ticks'?: number | null;
  /** that were computed again */
  'seals'?: number | null;
  /** hash of the last seal @default "" */
  'head_seal'?: string;
  /** for people @default [] */
  'lines'?: string[];
  /** why it failed */
  'error'?: string | null;
}

export type AuditStateState = "never" | "running" | "done" | "failed";

/** The state of a home, for views that join later. */
export interface Balance {
  /** the first tick that is not settled */
  'tick': number;
  /** of that tick, ISO 8601 in UTC */
  'time': string;
  /** of the keeper */
  'generation': number;
  /** number of the last record of the journal */
  'record': number;
  /** of the beginning of tick 0 */
  'start_unix_seconds': number;
  /** who belongs to the home, with all promised changes */
  'roster': Record<string, Member>;
  /** J by account since the start; they sum to 0 */
  'balances': Record<string, number>;
  /** J in each store, at that tick */
  'levels'?: Record<string, number>;
  /** of the last seal; zeros before the first */
  'head': string;
  /** what the inverter did last, in words */
  'decision': string;
}

/** Balances, newest first. */
export interface Balances {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** newest first */
  'balances': AssetBalance[];
  /** `before` of the next page; null: there are no older ones */
  'next_before'?: number | null;
}

/** What people set of the rest of their home. */
export interface BaseloadProperties {
  /** of a calendar year, to the joule; not used with a file */
  'annual_kwh': number;
  /** a file with a heading line, in place of the average household; begins again after its end */
  'csv_path': string;
  /** heading of the column with the load */
  'csv_column': string;
  /** of the numbers: power, or energy of a row */
  'csv_unit': BaseloadPropertiesCsvUnit;
  /** of the numbers, in place of csv_unit; register: readings of a meter that counts up */
  'csv_other_unit': BaseloadPropertiesCsvOtherUnit;
  /** from row to row; times in the file must agree */
  'csv_step_seconds': number;
  /** heading of the times; two are joined as "Date + Time"; gaps are refused */
  'csv_time_column': string;
  /** of times without offset: utc, standard (no summer time), wall (with both changes of the clock); profile: each row stands for its time on the wall, whatever the day */
  'csv_clock': BaseloadPropertiesCsvClock;
  /** whether a time is the begin or the end of its row; auto refuses doubt */
  'csv_stamps': BaseloadPropertiesCsvStamps;
  /** which number of 03/04/2026 is the day; auto refuses doubt */
  'csv_dates': BaseloadPropertiesCsvDates;
  /** decimal mark of the numbers; auto refuses doubt */
  'csv_decimal': BaseloadPropertiesCsvDecimal;
  /** of the first row; else its own time, else the home's start */
  'csv_begins': string | null;
  /** the file's, to be sure that it is still the same */
  'csv_sha256': string;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
}

export type BaseloadPropertiesCsvClock = "" | "utc" | "standard" | "wall" | "profile";

export type BaseloadPropertiesCsvDates = "auto" | "day_first" | "month_first";

export type BaseloadPropertiesCsvDecimal = "auto" | "." | ",";

export type BaseloadPropertiesCsvOtherUnit = "" | "kw" | "wh" | "wh_register" | "kwh_register";

export type BaseloadPropertiesCsvStamps = "auto" | "begin" | "end";

export type BaseloadPropertiesCsvUnit = "watts" | "joules" | "kwh";

/** What a device publishes about itself, for people, at most once a second. */
export interface BaseloadReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** What people set of the program. */
export interface BatteryProgramProperties {
  /** surplus: the battery takes sun and serves the home; cheap_hours: in the cheapest hours it is also charged with what the sun will be missing in the dear ones; look_ahead: the cheapest plan for 24 h, each quarter-hour anew */
  'strategy': BatteryProgramPropertiesStrategy;
  /** of the battery, kept for outages; peaks may use none of it either */
  'reserve_percent': number;
  /** of the battery, to which cheap_hours charges it at most */
  'charge_target_percent': number;
  /** from the grid: above it the battery helps while it can, and the grid never charges it */
  'peak_watts_max': number | null;
  /** whether the battery feeds the grid where that pays: cheap_hours what it can spare, in the two dearest hours; look_ahead as the plan says, which may also sell the sun now and store it later */
  'sells': boolean;
  /** that comes out of the battery: charging from the grid and selling must earn it, too */
  'wear_euro_per_kwh': number;
  /** whether it serves cars that charge from more than sun: always, as any load; surplus: with what the home will not miss before the sun suffices; never: it waits, and helps above peak_watts_max alone */
  'helps_cars': BatteryProgramPropertiesHelpsCars;
}

export type BatteryProgramPropertiesHelpsCars = "always" | "surplus" | "never";

export type BatteryProgramPropertiesStrategy = "surplus" | "cheap_hours" | "look_ahead";

/** What a device publishes about itself, for people, at most once a second. */
export interface BatteryProgramReported {
  /** its next tick */
  'tick': number;
  /** What it has seen of the home: totals at its last decision, and what an hour of the day needs and the sun gives. */
  'state': BatteryProgramState;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** What it has seen of the home: totals at its last decision, and what an hour of the day needs and the sun gives. */
export interface BatteryProgramState {
  /** what it decided last and why, with what it looked at */
  'decision': string;
  /** what the home and its losses took, since the home began */
  'loads_joules': number;
  /** what the sun gave, since the home began */
  'sun_joules': number;
  /** expected in each hour of the day */
  'loads_watts': number[];
  /** expected in each hour of the day */
  'sun_watts': number[];
  /** unix seconds of the end of what it has seen; 0: of nothing yet */
  'seen_until': number;
  /** whether it steers selling */
  'sells': boolean;
  /** in each car, unless it is always helped */
  'car_joules': Record<string, number>;
}

/** What people set of a battery. */
export interface BatteryProperties {
  /** from empty to full */
  'capacity_kwh': number;
  /** of the capacity; it is never discharged below */
  'minimum_percent': number;
  /** of the capacity; it is never charged above */
  'maximum_percent': number;
  /** of the capacity, when it is new */
  'initial_percent': number;
  /** at its terminals */
  'charge_watts_max': number;
  /** at its terminals */
  'discharge_watts_max': number;
  /** share of the charge that arrives inside */
  'charge_efficiency_percent': number;
  /** share of the content that comes out */
  'discharge_efficiency_percent': number;
  /** that its electronics take from it, always */
  'standby_watts': number;
  /** whether its electronics go off when it is down at its minimum */
  'sleeps_at_minimum': boolean;
  /** of several batteries the highest is used first */
  'priority': number;
  /** dc: behind the inverter; ac: a converter of its own, which charges from surplus alone */
  'coupling': BatteryPropertiesCoupling;
}

export type BatteryPropertiesCoupling = "dc" | "ac";

/** Its readings; the unit is in the name. */
export interface BatteryReadings {
  /** how full it is; 1,000,000 is full */
  'state_of_charge_ppm': number;
  /** what is inside */
  'level_joules': number;
  /** put in since it was new */
  'charged_joules': number;
  /** taken out since it was new */
  'discharged_joules': number;
  /** lost since it was new */
  'heat_joules': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface BatteryReported {
  /** its next tick */
  'tick': number;
  /** What is inside, and what passed through it since it was new. */
  'state': BatteryState;
  /** Its readings; the unit is in the name. */
  'readings': BatteryReadings;
}

/** What is inside, and what passed through it since it was new. */
export interface BatteryState {
  /** what is inside */
  'level_microjoules': number;
  /** standby loss that is not yet a whole joule */
  'standby_carry_microjoules': number;
  /** put in since it was new */
  'charged_joules': number;
  /** taken out since it was new */
  'discharged_joules': number;
  /** lost since it was new */
  'heat_joules': number;
}

/** The clock is stopped, and why. */
export interface Blocked {
  /** the first tick that is not settled */
  'tick': number;
  /** for how long it has stood */
  'seconds': number;
  /** whose packets are missing */
  'waits_for': string[];
  /** in words */
  'cause': string;
}

/** What people set of a boiler and of the house that it heats. */
export interface BoilerProperties {
  /** device of kind gas whose gas it burns */
  'supply': string;
  /** of heat that it gives to the house while it burns */
  'power_watts': number;
  /** share of the gas (gross) that heats the house */
  'efficiency_percent': number;
  /** of the rooms: there it goes off */
  'setpoint_celsius': number;
  /** so far below the set point it goes on again */
  'deadband_kelvin': number;
  /** when it keeps the house warm */
  'timers': string[];
  /** through walls, windows and air: 100 is a new house, 350 an old one */
  'loss_watts_per_kelvin': number;
  /** of air, furniture and the inner side of the walls */
  'heat_capacity_joules_per_kelvin': number;
  /** of heat from people, appliances and windows, on average */
  'gains_watts': number;
  /** of the air outside, where it hears no weather */
  'outside_celsius': number;
  /** of the rooms when the home begins */
  'initial_celsius': number;
  /** who goes without when gas is short: 0 first, 9 last */
  'shedding_priority': number;
}

/** Its readings; the unit is in the name. */
export interface BoilerReadings {
  /** how warm it is */
  'temperature_millicelsius': number;
  /** 1 while it heats or cools, else 0 */
  'on': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface BoilerReported {
  /** its next tick */
  'tick': number;
  /** Travels through the core and back in every window. */
  'state': ThermostatState;
  /** Its readings; the unit is in the name. */
  'readings': BoilerReadings;
}

/** What meters took and gave in an epoch, as a ledger has it; the source leads back to its ticks. */
export interface BookEpoch {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
  /** meter by meter */
  'values': EpochValue[];
  /** where a value comes from; a part of what is sealed @default "" */
  'source'?: string;
}

/** What became of a settlement. */
export interface Booked {
  /** ok; late: the epoch is sealed, so it waits in the list of late values */
  'status': string;
  /** number of the last change of the market */
  'revision': number;
  /** why it is late */
  'reason'?: string | null;
  /** number in the list of late values */
  'late'?: number | null;
  /** in canonical order @default [] */
  'postings'?: Posting[];
}

/** What became of them. */
export interface BookedEpoch {
  /** ok, or late when some came after their seal */
  'status': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** postings */
  'booked': number;
  /** values that came after their seal */
  'late': number;
  /** number of the last change of the market */
  'revision': number;
}

/** Where the books stand. */
export interface BooksState {
  /** name of the market */
  'market': string;
  /** number of the last change of the market */
  'revision': number;
  /** s; length of an epoch */
  'epoch_seconds': number;
  /** name of a meter, a group or a partner */
  'root': string;
  /** how many there are */
  'assets': number;
  /** how many there are */
  'contracts': number;
  /** seals so far: one an asset and epoch */
  'sealed': number;
  /** hash of the last sealed batch; 64 zeros before the first */
  'head': string;
  /** Ed25519, hex: what certificates are verified with */
  'public_key': string;
  /** values that came after their seal and wait for a correction @default 0 */
  'late'?: number;
  /** of a living home; null: a market without a home */
  'ledger'?: LedgerFollowed | null;
}

/** Who asked for a change, in the router's word: of whoever passed it on, when it was not asked of the inverter itself. */
export interface By {
  /** home and name, such as house/~anna */
  'principal': string;
  /** with which it was allowed */
  'role': string;
  /** URI of what was asked */
  'call': string;
  /** as they were given; what is too large for the journal says so instead */
  'arguments': Record<string, any>;
  /** the component that was asked, and passed it on; None: the inverter was */
  'through'?: string | null;
}

/** What people set of the program, also while cars charge. */
export interface CarProgramProperties {
  /** of each battery, to which cars are charged; for a trip to more, if it needs that */
  'target_percent': number;
  /** of each battery: below it a car is charged at once, whatever it costs */
  'minimum_percent': number;
  /** when each car must have its target, such as "Mon-Fri 07:00" */
  'ready_by': string[];
  /** from the grid, in the mean of a quarter-hour: cars that can wait take what is left below it */
  'peak_watts_max': number | null;
  /** on each phase of a charger at most */
  'amps_max': number;
  /** false: it does not know the trips that the cars' own properties name */
  'follows_trips': boolean;
  /** iCalendar (.ics) with trips: "@car_x@ 80%" or "@car_x@ 120km" in the title of an event */
  'calendar_file': string;
  /** of the day, when an event departs that lasts all day */
  'all_day_hour': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface CarProgramReported {
  /** its next tick */
  'tick': number;
  /** What it has seen of the home at its last decision, and why it decided so. */
  'state': CarProgramState;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** What it has seen of the home at its last decision, and why it decided so. */
export interface CarProgramState {
  /** what it decided last and why, with what it looked at */
  'decision': string;
  /** unix seconds of the end of what it has seen; 0: of nothing yet */
  'seen_until': number;
  /** taken from the grid less what was given to it, since the home began */
  'grid_joules': number;
  /** that nobody took, since the home began */
  'curtailed_joules': number;
  /** in each battery and car */
  'store_joules': Record<string, number>;
  /** unix seconds, by charger that it has switched to one phase */
  'on_one_phase_since': Record<string, number>;
  /** what it decided of each car and why, in the order in which they are served */
  'reasons': string[];
  /** what is wrong with the calendar */
  'warnings': string[];
}

/** What people and programs set of a car, also while it charges. */
export interface CarProperties {
  /** of its battery, from empty to full */
  'capacity_kwh': number;
  /** of the capacity, when it is new */
  'initial_percent': number;
  /** of the capacity, where charging ends */
  'target_percent': number;
  /** of the capacity, that the home leaves in it; driving may use it up */
  'minimum_percent': number;
  /** AC power that its own charger takes at most */
  'charge_watts_max': number;
  /** [percent of the capacity, percent of charge_watts_max], linear between; none: always all of it */
  'charge_curve': [number, number][];
  /** AC power that it gives to the home; its charger has to allow it, too */
  'discharge_watts_max': number;
  /** of its own charger: 1 or 3 */
  'phase_count': CarPropertiesPhaseCount;
  /** share of the AC charge that arrives inside */
  'charge_efficiency_percent': number;
  /** share of the content that comes out as AC */
  'discharge_efficiency_percent': number;
  /** that its electronics take from it, always */
  'standby_watts': number;
  /** out of its battery */
  'consumption_wh_per_km': number;
  /** when it leaves, for how many hours and how many km; meanwhile it is unplugged */
  'trips': Trip[];
  /** false: not plugged in although it is at home */
  'plugged_in': boolean;
}

export type CarPropertiesPhaseCount = 1 | 3;

/** Its readings; the unit is in the name. */
export interface CarReadings {
  /** how full it is; 1,000,000 is full */
  'state_of_charge_ppm': number;
  /** what is inside */
  'level_joules': number;
  /** taken from the home since it was new */
  'charged_joules': number;
  /** given to the home since it was new */
  'discharged_joules': number;
  /** driven since it was new */
  'driven_joules': number;
  /** driven since it was new */
  'driven_metres': number;
  /** lost since it was new, in its charger, too */
  'heat_joules': number;
  /** 1 while it is plugged in; left out: not known yet */
  'plugged'?: number | null;
  /** when it leaves next; 0: not within 8 days; left out: not known yet */
  'next_departure_unix_seconds'?: number | null;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface CarReported {
  /** its next tick */
  'tick': number;
  /** What is inside, and what it took, gave and drove since it was new. */
  'state': CarState;
  /** Its readings; the unit is in the name. */
  'readings': CarReadings;
}

/** What is inside, and what it took, gave and drove since it was new. */
export interface CarState {
  /** what is inside */
  'level_microjoules': number;
  /** standby loss that is not yet a whole joule */
  'standby_carry_microjoules': number;
  /** put in since it was new */
  'charged_joules': number;
  /** taken out since it was new */
  'discharged_joules': number;
  /** lost since it was new */
  'heat_joules': number;
  /** driven since it was new */
  'driven_joules': number;
  /** since it was new */
  'driven_metres': number;
  /** driven and not yet a metre, in thousandths of a joule times km */
  'metre_carry': number;
}

/** A seal with all that is needed to verify it offline: `joulebus verify FILE`. */
export interface Certificate {
  /** as JSON */
  'certificate': Record<string, any>;
  /** the same in its canonical form, as it goes into a QR code */
  'text': string;
}

/** What somebody changed about one device, and the tick from which it holds. Exactly one field says what. */
export interface Change {
  /** name of the device */
  'device': string;
  /** the first tick in which it holds */
  'from_tick': number;
  /** all properties after the change */
  'properties'?: Record<string, any> | null;
  /** switched on or off */
  'on'?: boolean | null;
  /** a new device */
  'added'?: Member | null;
  /** it has left for good */
  'removed'?: boolean | null;
}

/** Changes, the last first. */
export interface ChangeLog {
  /** at most as many as asked for */
  'changes': LoggedChange[];
  /** ask with this for those before them; None: there are no others */
  'before': number | null;
}

/** Changes, in order. */
export interface Changes {
  /** the latest last */
  'changes': RecordedChange[];
  /** false: there are earlier ones */
  'is_whole': boolean;
}

/** What lets joules through to one car at a time; it moves none itself. Its session is remembered as the window begins. */
export interface Charger {
  'role': "charger";
  /** Runs of equal ticks: (number of ticks, value in each of them); the numbers add up to the window. */
  'phase_joules_max': RunLengths;
  /** of its phases */
  'phase_count': number;
  /** share that arrives, each way @default 1000000 */
  'efficiency_ppm'?: number;
  /** from the car to the home @default 0 */
  'discharge_watts_max'?: number;
  /** whether it takes only what nobody else wants @default false */
  'surplus_only'?: boolean;
  /** the lowest is shed first: 0 first, 9 last @default 5 */
  'shedding_priority'?: number;
  /** whether a car was plugged in before @default false */
  'plugged'?: boolean;
  /** what that car has taken since it was plugged in @default 0 */
  'session_joules'?: number;
  /** that a car may take while it is plugged in; 0 is no limit @default 0 */
  'session_joules_max'?: number;
}

/** What people and programs set of a charger, also while it charges. */
export interface ChargerProperties {
  /** on each phase at most, in steps of 0.1; no car charges below 6: pause it */
  'amps': number;
  /** phases that it switches through: 1 or 3 */
  'phase_count': ChargerPropertiesPhaseCount;
  /** true: a car_program may set phase_count, to 1 where the sun or a limit leaves less than 3 phases need */
  'switches_phases': boolean;
  /** true: nothing flows */
  'pause': boolean;
  /** nothing flows so long after phase_count was changed */
  'switch_pause_seconds': number;
  /** that a car gets from when it is plugged in until it leaves; 0 is no limit */
  'energy_limit_wh': number;
  /** true: the car gets only what nobody else wants, and may serve the home */
  'surplus_only': boolean;
  /** from the car to the home, while surplus_only; 0 is never */
  'discharge_watts_max': number;
  /** share that arrives, each way */
  'efficiency_percent': number;
  /** between a phase and neutral */
  'volts': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** of this machine or container: there a living charger is an NRGkick Gen2; 0: none */
  'api_port': number;
  /** one line, USER:PASSWORD, that its API asks for; left out: whoever reaches the port sets */
  'api_password_file': string;
}

export type ChargerPropertiesPhaseCount = 1 | 3;

/** Its readings; the unit is in the name. */
export interface ChargerReadings {
  /** what it lets through at most */
  'limit_watts': number;
  /** 1 while a car is plugged in */
  'plugged': number;
  /** that the car took since it was plugged in */
  'session_joules': number;
  /** that passed to cars since it was new */
  'charged_joules': number;
  /** that came from cars since it was new */
  'discharged_joules': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface ChargerReported {
  /** its next tick */
  'tick': number;
  /** Its session, its pause, and what passed it since it was new. */
  'state': ChargerState;
  /** Its readings; the unit is in the name. */
  'readings': ChargerReadings;
}

/** Its session, its pause, and what passed it since it was new. */
export interface ChargerState {
  /** whether a car is plugged in */
  'plugged': boolean;
  /** that the car took since it was plugged in */
  'session_joules': number;
  /** left of the pause after a change of phases */
  'switching_seconds': number;
  /** that passed to cars since it was new */
  'charged_joules': number;
  /** that came from cars since it was new */
  'discharged_joules': number;
}

/** Energy and money of a meter in an epoch, at the price that held in that epoch. */
export interface Clearing {
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** tariff segment, such as virtual_1 */
  'label': string;
  /** Wh */
  'wh': number;
  /** none: nobody has set one */
  'micro_euro_per_kwh': number | null;
  /** millionths of a euro */
  'micro_euro': number;
  /** mg of CO2 @default 0 */
  'co2_mg'?: number;
}

/** Clearings of a meter, newest first, and their sums. */
export interface Clearings {
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** newest first */
  'clearings': Clearing[];
  /** Wh */
  'consumption': number;
  /** millionths of a euro */
  'micro_euro': number;
  /** Wh without a price @default 0 */
  'unpriced_wh'?: number;
  /** `until_epoch` of the next page; null: there are no older ones */
  'next_until'?: number | null;
}

/** Where time is, how fast it goes, and who holds it up. */
export interface ClockState {
  /** the first tick that is not settled */
  'tick': number;
  /** of that tick, ISO 8601 in UTC */
  'time': string;
  /** IANA name of the place's, for views @default "UTC" */
  'timezone'?: string;
  /** length of a tick in s */
  'tick_seconds': number;
  /** simulated seconds per real second, or "flat_out" */
  'speed': number | 'flat_out';
  /** whether somebody has paused the clock */
  'paused': boolean;
  /** ticks that are due and not settled */
  'lag_ticks': number;
  /** whose packets came last, when there is lag */
  'slowest'?: string | null;
  /** whose packets are missing @default [] */
  'waits_for'?: string[];
  /** why the clock is stopped although it should run */
  'cause'?: string | null;
  /** records that the historian lacks while it is rebuilt; 0: it follows @default 0 */
  'historian_behind'?: number;
  /** how many it has lately kept while it is rebuilt @default 0 */
  'historian_records_a_second'?: number;
}

/** A contract and how much of it was served. */
export interface Contract {
  /** name of a contract */
  'contract_id': string;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** name of a meter, a group or a partner */
  'partner_id': string;
  /** to: the asset delivers; from: it purchases */
  'direction': ContractDirection;
  /** only active contracts are served */
  'status': ContractStatus;
  /** none: taken out of the merit order */
  'priority': number | null;
  /** Wh; most in an epoch */
  'energy'?: number | null;
  /** Wh; most in all */
  'total_energy'?: number | null;
  /** W; below this average nothing is served in an epoch */
  'load_min'?: number | null;
  /** W; above this average nothing more is served in an epoch */
  'load_max'?: number | null;
  /** first epoch in which it is served */
  'valid_from'?: number | null;
  /** first epoch in which it is served no more */
  'valid_until'?: number | null;
  /** Wh served so far, in sealed epochs @default 0 */
  'balanced'?: number;
}

/** The contract has this name. */
export interface ContractAdded {
  'status': "ok";
  /** name of a contract */
  'contract_id': string;
  /** number of the last change of the market */
  'revision': number;
}

export type ContractDirection = "to" | "from";

export type ContractStatus = "active" | "inactive" | "ended";

/** Contracts, in the order in which they are served. */
export interface Contracts {
  /** in the order in which they are served */
  'contracts': ListedContract[];
  /** how many there are in all */
  'total': number;
}

/** Book a late value in an open epoch; the correction names the epoch that it belongs to. */
export interface CorrectLate {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** of the late value: balancing.late */
  'number': number;
  /** an open one */
  'epoch': number | string;
}

/** A table as text. */
export interface CsvText {
  /** a line a row, with a head */
  'csv': string;
  /** `until_epoch` of the next page; null: there are no older ones */
  'next_until'?: number | null;
}

/** From when on who served whom. */
export interface Decision {
  /** the slot in which it began */
  'unix_seconds': number;
  /** in words, with the mean powers of that slot */
  'text': string;
}

/** What the inverter decided, in order: one line whenever something else is served by something else. */
export interface Decisions {
  /** how finely it was looked at: minutes, or quarter-hours where those are thinned out */
  'slot_seconds': number;
  /** the latest last */
  'decisions': Decision[];
  /** false: there are earlier ones in the span */
  'is_whole': boolean;
}

/** What a device is, and which calls it answers. */
export interface Description {
  /** name of a device */
  'name': string;
  /** what it is, as home files say it */
  'kind': string;
  /** the kind in one line */
  'summary': string;
  /** devices whose signals it uses */
  'hears': string[];
  /** names of its own signals */
  'signals': string[];
  /** JSON Schema of its properties: unit, limits, default, help */
  'properties': Record<string, any>;
  /** URIs of what can be asked of it */
  'procedures': string[];
}

/** Take a late value off the list without booking it. */
export interface DismissLate {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** of the late value: balancing.late */
  'number': number;
  /** why; books.changes tells it */
  'reason'?: string | null;
}

/** Take many late values off the list without booking them: all that every filter lets through; one filter must be said. */
export interface DismissLates {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** why; books.changes tells it */
  'reason': string;
  /** only of this meter */
  'meter_id'?: string | null;
  /** only of this epoch and later ones */
  'from_epoch'?: number | string | null;
  /** only of epochs before this one */
  'until_epoch'?: number | string | null;
  /** only with this number on the list, or later ones */
  'from_number'?: number | null;
  /** only with numbers before this one */
  'until_number'?: number | null;
}

/** It is off the list. */
export interface Dismissed {
  /** what became of it, in one word @default "ok" */
  'status'?: string;
  /** A value that came after its seal. */
  'late': Late;
  /** number of the last change of the market */
  'revision': number;
}

/** They are off the list. */
export interface DismissedLates {
  /** what became of it, in one word @default "ok" */
  'status'?: string;
  /** how many were taken off */
  'dismissed': number;
  /** the first of them, by number @default [] */
  'late'?: Late[];
  /** how many are still on the list */
  'left': number;
  /** number of the last change of the market */
  'revision': number;
}

/** Hot water that somebody takes every day; as much cold water follows and mixes with the rest. */
export interface Draw {
  /** local time, such as "18:30" or "Sat,Sun 10:00" */
  'at': string;
  /** of hot water */
  'litres': number;
  /** how fast they flow @default 8 */
  'litres_per_minute'?: number;
}

/** Events that could not be read, or whose handler failed, and that had no effect. Published at most once a second. */
export interface Dropped {
  /** that was listened to; empty parts stand for any */
  'uri': string;
  /** in one word: invalid, or handler */
  'reason': string;
  /** in the router's word */
  'sender': string;
  /** what does not fit, field by field */
  'text': string;
  /** since it was said last */
  'count': number;
}

/** One value for each tick of the window. */
export interface Each {
  'form': "each";
  /** one for each tick */
  'values': number[];
}

/** End a contract: it is valid until an epoch, or of status ended from one on. */
export interface EndContract {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** first epoch in which the change holds, after the last sealed one; left out: the next in which nothing is booked */
  'holds_from'?: number | string | null;
  /** name of a contract */
  'contract_id': string;
  /** first epoch in which it is valid no more; left out: its status is ended, see holds_from */
  'epoch'?: number | string | null;
}

/** How long an epoch is. */
export interface EpochDuration {
  /** s */
  'seconds': number;
  /** ms */
  'milliseconds': number;
}

/** What a meter took and gave in an epoch. */
export interface EpochValue {
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** Wh */
  'import_wh': number;
  /** Wh */
  'export_wh': number;
}

/** The home as a home file. */
export interface Exported {
  /** a home file from which the home can be started again */
  'yaml': string;
}

export type Fields = Record<string, any>;

/** Assets whose name contains a text; empty finds all. MarketPage by page, sorted by name. */
export interface FindAssets {
  /** how many to leave out @default 0 */
  'first'?: number;
  /** how many at most; fewer come when they are large @default 1000 */
  'most'?: number;
  /** a part of the name @default "" */
  'q'?: string;
  /** what it is: meter, balance … */
  'type'?: string | null;
}

/** Joules without memory: least <= want <= most and least <= 0 <= most, tick by tick. */
export interface Flow {
  'role': "flow";
  /** of the inverter on which it stands; dc: producers only @default "ac" */
  'side'?: FlowSide;
  /** J in each tick; positive consumes, negative produces */
  'want': RunLengths | Each | Knots;
  /** J in each tick, not above 0 */
  'least'?: RunLengths | Each | Knots | null;
  /** J in each tick, not below 0 */
  'most'?: RunLengths | Each | Knots | null;
  /** the lowest is shed first: 0 first, 9 last @default 5 */
  'shedding_priority'?: number;
  /** the window ends with the first tick in which it is shed @default false */
  'reacts'?: boolean;
  /** the account its joules come from, such as the sun */
  'origin'?: string | null;
  /** a load that gets all it wants in a tick, or nothing @default false */
  'all_or_nothing'?: boolean;
  /** J in each tick of a load that was delayed, had it not been; left out, what it wants */
  'due'?: RunLengths | Each | Knots | null;
}

export type FlowSide = "ac" | "dc";

/** Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next. */
export interface Forecast {
  /** A half-open run of ticks: [start, start + ticks). */
  'span': Window;
  /** of Opened.revisions, which these signals answer */
  'revision': number;
  /** by name; the unit is in the name */
  'signals': Record<string, RunLengths | Sampled>;
}

/** What the home says of a device that it does not know. Only ``settings`` can the device itself change. */
export interface ForeignProperties {
  /** it may want this much at most; an offer beyond it is refused */
  'take_watts_max': number;
  /** it may produce this much at most */
  'give_watts_max': number;
  /** 0 is shed first, 9 last; it may say a lower one of itself */
  'shedding_priority': number;
  /** its own: only the device knows what they mean */
  'settings': Record<string, any>;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface ForeignReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** What people set of a fridge. */
export interface FridgeProperties {
  /** of its compressor */
  'power_watts': number;
  /** middle of the band in which it is kept */
  'setpoint_celsius': number;
  /** width of the band */
  'deadband_kelvin': number;
  /** of the kitchen */
  'ambient_celsius': number;
  /** through walls and door */
  'loss_watts_per_kelvin': number;
  /** of box and food */
  'heat_capacity_joules_per_kelvin': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** heat pumped out per electricity, 180 is a COP of 1.8 */
  'cop_percent': number;
}

/** Its readings; the unit is in the name. */
export interface FridgeReadings {
  /** how warm it is */
  'temperature_millicelsius': number;
  /** 1 while it heats or cools, else 0 */
  'on': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface FridgeReported {
  /** its next tick */
  'tick': number;
  /** Travels through the core and back in every window. */
  'state': ThermostatState;
  /** Its readings; the unit is in the name. */
  'readings': FridgeReadings;
}

/** What people set of the gas connection of their home. */
export interface GasProperties {
  /** false: no gas comes */
  'connected': boolean;
  /** that it carries; 69,000 is the usual meter of 6 m3/h */
  'limit_watts': number;
  /** calorific value (gross), by which its meter counts joules as m3 */
  'kwh_per_m3': number;
}

/** Its readings; the unit is in the name. */
export interface GasReadings {
  /** since the home began */
  'burnt_joules': number;
  /** the same as gas, whole litres; 1,000 are a cubic metre */
  'burnt_litres': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface GasReported {
  /** its next tick */
  'tick': number;
  /** What it gave. */
  'state': GasState;
  /** Its readings; the unit is in the name. */
  'readings': GasReadings;
}

/** What it gave. */
export interface GasState {
  /** burnt since the home began */
  'joules': number;
}

/** What people set of a geyser. */
export interface GeyserProperties {
  /** of water in the tank */
  'litres': number;
  /** that its heating element or its burner gives to the water */
  'power_watts': number;
  /** at which the element goes off */
  'setpoint_celsius': number;
  /** so far below the set point it goes on again */
  'deadband_kelvin': number;
  /** when it may heat */
  'timers': string[];
  /** hot water that people take every day */
  'draws': Draw[];
  /** of the cold water */
  'inlet_celsius': number;
  /** around the tank */
  'ambient_celsius': number;
  /** through its insulation */
  'loss_watts_per_kelvin': number;
  /** when the home begins */
  'initial_celsius': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** device of kind gas whose gas heats it; none: electricity does */
  'supply': string | null;
  /** share of electricity or gas that heats the water */
  'efficiency_percent': number;
}

/** Its readings; the unit is in the name. */
export interface GeyserReadings {
  /** how warm it is */
  'temperature_millicelsius': number;
  /** 1 while it heats or cools, else 0 */
  'on': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface GeyserReported {
  /** its next tick */
  'tick': number;
  /** Travels through the core and back in every window. */
  'state': ThermostatState;
  /** Its readings; the unit is in the name. */
  'readings': GeyserReadings;
}

/** The public grid: what it could give and take, and at which price, in each tick. */
export interface Grid {
  'role': "grid";
  /** J that it could give in each tick */
  'import_joules_max': RunLengths | Each | Knots;
  /** J that it could take in each tick */
  'export_joules_max': RunLengths | Each | Knots;
  /** Runs of equal ticks: (number of ticks, value in each of them); the numbers add up to the window. */
  'import_price': RunLengths;
  /** Runs of equal ticks: (number of ticks, value in each of them); the numbers add up to the window. */
  'export_price': RunLengths;
  /** of its day that are cheaper to import in; left out where a day has one price */
  'cheaper_seconds'?: RunLengths | null;
  /** cost that is not yet a micro-euro @default 0 */
  'import_carry'?: number;
  /** income that is not yet a micro-euro @default 0 */
  'export_carry'?: number;
  /** J that each of three phases could carry in each tick; left out where none has a limit */
  'phase_joules_max'?: RunLengths | null;
  /** devices that are on one phase; all others are spread over all three */
  'phase_of'?: Record<string, GridPhaseOf>;
}

/** Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next. */
export interface GridForecast {
  /** A half-open run of ticks: [start, start + ticks). */
  'span': Window;
  /** of Opened.revisions, which these signals answer */
  'revision': number;
  /** The signals of a grid; the unit is in the name. */
  'signals': GridSignals;
}

export type GridPhaseOf = 1 | 2 | 3;

/** What people set of the grid in front of their home. */
export interface GridProperties {
  /** false is an outage that nobody planned */
  'connected': boolean;
  /** that the connection carries into the home */
  'import_limit_watts': number;
  /** that the connection carries out of the home */
  'export_limit_watts': number;
  /** for energy taken, where nothing below says otherwise */
  'import_euro_per_kwh': number;
  /** prices during daily windows; the later in the list wins */
  'import_rates': Rate[];
  /** prices from moments on, in place of the price above */
  'import_prices_from': PriceFrom[];
  /** for energy given, where nothing below says otherwise */
  'export_euro_per_kwh': number;
  /** prices during daily windows; the later in the list wins */
  'export_rates': Rate[];
  /** prices from moments on, in place of the price above */
  'export_prices_from': PriceFrom[];
  /** CSV or JSON of prices by time, in place of the list; beyond its time import_euro_per_kwh */
  'import_prices_file': string;
  /** heading or key of the prices, when there are several */
  'import_prices_column': string;
  /** of the file; auto: what the heading names */
  'import_prices_unit': GridPropertiesImportPricesUnit;
  /** CSV or JSON of prices by time, in place of the list; beyond its time export_euro_per_kwh */
  'export_prices_file': string;
  /** heading or key of the prices, when there are several */
  'export_prices_column': string;
  /** of the file; auto: what the heading names */
  'export_prices_unit': GridPropertiesExportPricesUnit;
  /** heading or key of the times, when it is not found */
  'prices_time_column': string;
  /** of times without offset: utc, standard (no summer time) or wall (with both changes of the clock) */
  'prices_clock': GridPropertiesPricesClock;
  /** of all prices, as it is shown; names of properties say euro */
  'currency': string;
  /** planned outages */
  'outages': Outage[];
  /** outages that come every day */
  'daily_outages': string[];
  /** 0 is none; until the first change below */
  'load_shedding_stage': number;
  /** stages from moments on */
  'load_shedding_changes': StageFrom[];
  /** in the timetable of the City of Cape Town */
  'load_shedding_area': number;
  /** by which load shedding lasts longer than its two hours */
  'switching_minutes': number;
  /** 1n230: one phase; 3x230: three without a neutral, 230 V between them; 3n400: three with 230 V to the neutral */
  'network': GridPropertiesNetwork;
  /** fuse of each of three phases: loads on it bend before it does; 0: only the limit of all */
  'phase_limit_amps': number;
  /** devices that are on one of three phases; others draw from all alike */
  'phase_of': Record<string, GridPropertiesPhaseOf>;
}

export type GridPropertiesExportPricesUnit = "auto" | "euro_per_kwh" | "cent_per_kwh" | "euro_per_mwh";

export type GridPropertiesImportPricesUnit = "auto" | "euro_per_kwh" | "cent_per_kwh" | "euro_per_mwh";

export type GridPropertiesNetwork = "1n230" | "3x230" | "3n400";

export type GridPropertiesPhaseOf = 1 | 2 | 3;

export type GridPropertiesPricesClock = "" | "utc" | "standard" | "wall";

/** Its readings; the unit is in the name. */
export interface GridReadings {
  /** bought since the home began */
  'import_joules': number;
  /** sold since the home began */
  'export_joules': number;
  /** paid since the home began */
  'import_cost_micro_euro': number;
  /** earned since the home began */
  'export_income_micro_euro': number;
  /** of energy taken, in micro-euro per kWh; left out: not known yet */
  'import_price'?: number | null;
  /** of energy given, in micro-euro per kWh; left out: not known yet */
  'export_price'?: number | null;
  /** 1 while the grid is there, 0 in an outage; left out: not known yet */
  'available'?: number | null;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface GridReported {
  /** its next tick */
  'tick': number;
  /** Energy and money since the home began; the carries are what is not yet a whole micro-euro. */
  'state': GridState;
  /** Its readings; the unit is in the name. */
  'readings': GridReadings;
}

/** The signals of a grid; the unit is in the name. */
export interface GridSignals {
  /** of energy taken, in micro-euro per kWh */
  'import_price': RunLengths | Sampled;
  /** of energy given, in micro-euro per kWh */
  'export_price': RunLengths | Sampled;
  /** 1 while the grid is there, 0 in an outage */
  'available': RunLengths | Sampled;
}

/** Energy and money since the home began; the carries are what is not yet a whole micro-euro. */
export interface GridState {
  /** cost in J * micro-euro / kWh */
  'import_carry': number;
  /** income in J * micro-euro / kWh */
  'export_carry': number;
  /** taken from the grid */
  'import_joules': number;
  /** given to the grid */
  'export_joules': number;
  /** of what was taken */
  'import_cost_micro_euro': number;
  /** of what was given */
  'export_income_micro_euro': number;
}

/** How a component does: whoever answers is alive. */
export interface Health {
  /** its name on the bus */
  'component': string;
  /** always true: a component that is not alive does not answer @default true */
  'alive'?: boolean;
  /** whether it can do its job at this moment */
  'ready': boolean;
  /** the first tick that it has not seen settled; left out when it has seen none */
  'tick'?: number | null;
  /** why it is not ready */
  'cause'?: string | null;
}

/** A span cut into buckets. Where fine slots are thinned out, it begins and ends at those that are kept. */
export interface History {
  /** where it begins */
  'from_unix_seconds': number;
  /** where it ends */
  'to_unix_seconds': number;
  /** length of a bucket; coarser than asked when finer ones are thinned out */
  'resolution': HistoryResolution;
  /** where each bucket begins; it ends where the next does */
  'starts': number[];
  /** of the values */
  'unit': HistoryUnit;
  /** by name one value a bucket; what is left out is 0 throughout */
  'series': Record<string, number[]>;
  /** J in each store at the end of each bucket; null: unknown */
  'levels'?: Record<string, (number | null)[]>;
  /** number of the last record of the journal that is in it */
  'record': number;
}

export type HistoryResolution = "1s" | "10s" | "1m" | "5m" | "15m" | "1h" | "day" | "week" | "month" | "year";

/** What the historian has, and what it has let go of. */
export interface HistoryState {
  /** number of the last record that is kept */
  'record': number;
  /** records of the journal that are still to come */
  'behind': number;
  /** of the home's first tick */
  'start_unix_seconds': number;
  /** of the last tick that is kept */
  'end_unix_seconds': number;
  /** single ticks are kept from here on */
  'ticks_from_unix_seconds': number;
  /** minutes from here on; quarter-hours always */
  'minutes_from_unix_seconds': number;
  /** share of the journal that is kept */
  'progress_ppm': number;
  /** how many it has lately kept, when it is far behind @default 0 */
  'records_a_second'?: number;
}

export type HistoryUnit = "J" | "micro-euro";

/** A home to begin with. */
export interface HomeExample {
  /** name of a home */
  'name': string;
  /** in one line */
  'description': string;
}

/** A home of this machine. */
export interface HomeOfMachine {
  /** name of a home */
  'name': string;
  /** whether it lives */
  'state': HomeOfMachineState;
  /** address of its dashboard, while it runs */
  'page'?: string | null;
  /** whether it has lived: a start continues it */
  'has_books': boolean;
  /** the first line of its file, when that is a comment @default "" */
  'description'?: string;
  /** why its last start from here has failed */
  'error'?: string | null;
}

export type HomeOfMachineState = "running" | "starting" | "stopped";

/** The state of all parts of a home. */
export interface HomeStatus {
  /** name of the home */
  'home': string;
  /** the first tick that is not settled */
  'tick': number;
  /** by name: devices, inverter, historian, balancer, crossbar, supervisor */
  'parts': Record<string, PartStatus>;
}

/** All homes of this machine, and the examples. */
export interface HomesListed {
  /** by name */
  'homes': HomeOfMachine[];
  /** by name */
  'examples': HomeExample[];
  /** name of a home */
  'this': string;
}

/** The converter between the DC and the AC side, and the policy by which it serves the home. */
export interface Inverter {
  'role': "inverter";
  /** AC power at most */
  'rating_watts': number;
  /** DC power at the corners of the curve */
  'curve_dc_milliwatts': number[];
  /** AC power at the same corners */
  'curve_ac_milliwatts': number[];
  /** AC power it can rectify for the battery @default 0 */
  'charge_watts_max'?: number;
  /** share of AC that charges the battery @default 1000000 */
  'charge_efficiency_ppm'?: number;
  /** what it draws while nothing is converted @default 0 */
  'night_milliwatts'?: number;
  /** night draw that is not yet a whole joule @default 0 */
  'night_carry_microjoules'?: number;
  /** whether the DC side feeds that draw while there is no grid @default false */
  'idles_on_battery'?: boolean;
  /** AC energy converted but not yet a whole joule @default 0 */
  'carry_microjoules'?: number;
  /** its settings along the window */
  'policy': PolicyRun[];
}

/** The settings of a hybrid inverter. */
export interface InverterProperties {
  /** AC power at most; 0 is a plain switchboard */
  'rating_watts': number;
  /** what AC power is allowed at most, whatever its rating: in Belgium 5 kVA on one phase, 10 kVA on three */
  'grid_code': InverterPropertiesGridCode;
  /** how its efficiency depends on its load */
  'curve': InverterPropertiesCurve;
  /** of the curve pvwatts: 8 is a line that wakes at half a percent of its rating, 5 the parabola of 0.1 */
  'pvwatts_version': InverterPropertiesPvwattsVersion;
  /** at its rating (pvwatts), or always (constant) */
  'efficiency_percent': number;
  /** parameters of the curve sandia */
  'sandia': SandiaCurve | null;
  /** drawn from the grid while nothing is converted; 1, or pnt of sandia */
  'night_watts': number | null;
  /** AC power it turns into charge; the rating when left out */
  'charge_watts_max': number | null;
  /** of turning AC into charge */
  'charge_efficiency_percent': number;
  /** what the sun is for, in this order */
  'priority': [InverterPropertiesPriority, InverterPropertiesPriority, InverterPropertiesPriority];
  /** when the sun may charge the battery: always, never, or times such as ["10:00-16:00"] */
  'charge_from_sun': InverterPropertiesChargeFromSun | string[];
  /** when the grid charges the battery up to its target */
  'charge_from_grid': InverterPropertiesChargeFromGrid | string[];
  /** when the battery may serve the home */
  'discharge': InverterPropertiesDischarge | string[];
  /** of the battery, kept for outages */
  'reserve_percent': number;
  /** when the reserve is kept: always, never, or times such as ["16:00-22:00"]; at others the battery serves on */
  'reserve_during': InverterPropertiesReserveDuring | string[];
  /** whether the grid charges the battery up to the reserve when it is below */
  'restore_reserve': boolean;
  /** of the battery, where the grid's charge ends; the sun's ends at its maximum_percent */
  'charge_target_percent': number;
  /** the grid charges the battery up to its target while its price is below this */
  'charge_below_euro_per_kwh': number | null;
  /** the grid charges the battery up to its target in so many of the cheapest hours of each day */
  'charge_cheapest_hours': number;
  /** the battery serves the home only while the grid's price is not below this */
  'discharge_from_euro_per_kwh': number | null;
  /** nothing goes to the grid while it pays less than this; 0: never at a loss */
  'export_from_euro_per_kwh': number | null;
  /** the battery feeds the grid, down to the reserve, while it pays this or more */
  'sell_from_euro_per_kwh': number | null;
  /** to the grid at most; 0 is zero export, nothing is no limit */
  'export_limit_watts': number | null;
  /** from the grid at most; above it the battery helps, then loads are shed */
  'import_cap_watts': number | null;
  /** whether loads above import_cap_watts are shed; no: the grid serves what the battery cannot */
  'shed_above_import_cap': boolean;
  /** keep the battery for outages alone */
  'backup_only': boolean;
  /** serve the home while the grid is out; without a battery only with an outlet */
  'island_operation': boolean;
  /** an outlet of its own: the panels alone serve the home while the grid is out */
  'outlet': boolean;
  /** while the grid is out, night_watts come from the panels or the battery */
  'idle_from_battery': boolean;
}

export type InverterPropertiesChargeFromGrid = "always" | "never";

export type InverterPropertiesChargeFromSun = "always" | "never";

export type InverterPropertiesCurve = "pvwatts" | "sandia" | "constant";

export type InverterPropertiesDischarge = "always" | "never";

export type InverterPropertiesGridCode = "none" | "belgium_one_phase" | "belgium_three_phases";

export type InverterPropertiesPriority = "loads" | "battery" | "export";

export type InverterPropertiesPvwattsVersion = 5 | 8;

export type InverterPropertiesReserveDuring = "always" | "never";

/** Its readings; the unit is in the name. */
export interface InverterReadings {
  /** lost in the last window */
  'heat_joules': number;
  /** what it can give at most */
  'rating_watts': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface InverterReported {
  /** its next tick */
  'tick': number;
  /** What is left below a joule, converted and drawn at night. */
  'state': InverterState;
  /** Its readings; the unit is in the name. */
  'readings': InverterReadings;
}

/** What is left below a joule, converted and drawn at night. */
export interface InverterState {
  /** converted and not yet a whole joule */
  'carry_microjoules': number;
  /** drawn at night and not yet a whole joule */
  'night_carry_microjoules': number;
}

/** Whether an asset is sealed in an epoch. */
export interface IsSealed {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** whether it is sealed, and so for ever */
  'sealed': boolean;
}

/** The historian has everything up to and with this record of the journal. */
export interface Kept {
  /** of that record */
  'number': number;
  /** records that the journal has beyond it @default 0 */
  'behind'?: number;
  /** how many it has lately kept, when it is far behind @default 0 */
  'records_a_second'?: number;
}

/** All that a form needs to know of a kind, also before there is a device of it. */
export interface KindDetails {
  /** as home files say it */
  'kind': string;
  /** the kind in one line */
  'summary': string;
  /** How a kind is shown to people. */
  'look': KindLook;
  /** kinds whose signals it needs */
  'hears': string[];
  /** its signals: what each is; the unit is in the name */
  'signals': Record<string, string>;
  /** its readings: what each is; the unit is in the name */
  'readings': Record<string, string>;
  /** JSON Schema of its properties: title, unit, description, default, limits, choices, in order */
  'properties': Record<string, any>;
}

/** What kinds of devices there are: one line of help each, and how they look. */
export interface KindList {
  /** by name, as home files say it */
  'kinds': Record<string, string>;
  /** of the same kinds */
  'looks'?: Record<string, KindLook>;
}

/** How a kind is shown to people. */
export interface KindLook {
  /** its name for people */
  'label': string;
  /** the group of devices in which people look for it */
  'category': KindLookCategory;
  /** name of an icon of Material Design Icons */
  'icon': string;
  /** whether a home has one device of this kind at most */
  'is_only_one': boolean;
}

export type KindLookCategory = "sky" | "solar" | "battery" | "load" | "grid" | "inverter";

/** Power that is linear between knots; the core integrates it exactly. */
export interface Knots {
  'form': "knots";
  /** between two knots */
  'grid_seconds': number;
  /** age of the first knot at the window's start */
  'lead_seconds': number;
  /** power at each knot */
  'milliwatts': number[];
  /** what was left over in the window before, in 1/(2000 * grid_seconds) J @default 0 */
  'carry'?: number;
}

/** An epoch, its segment and its price. */
export interface LabelledEpoch {
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** ms since 1970 in UTC */
  'time': number;
  /** tariff segment, such as virtual_1 */
  'label': string;
  /** none: nobody has set one */
  'micro_euro_per_kwh'?: number | null;
}

/** Epoch by epoch. */
export interface LabelledEpochs {
  /** oldest first */
  'epochs': LabelledEpoch[];
}

/** A value that came after its seal. */
export interface Late {
  /** in the list of late values */
  'number': number;
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** Wh */
  'wh': number;
  /** of the meter; left out: its rule and the sign say the direction */
  'direction'?: LateDirection | null;
  /** tariff segment, such as virtual_1 */
  'label'?: string | null;
  /** mg of CO2 @default 0 */
  'co2_mg'?: number;
  /** where the value comes from */
  'source'?: string | null;
}

export type LateDirection = "import" | "export";

/** Values that wait for a correction. */
export interface Lates {
  /** by number */
  'late': Late[];
  /** how many there are in all */
  'total': number;
}

/** The whole arrangement. */
export interface Layout {
  /** of the last change; the next one has the next number @default 0 */
  'revision'?: number;
  /** by device; some may not be there yet, or any more */
  'devices'?: Record<string, Placed>;
  /** by name */
  'groups'?: Record<string, PlacedGroup>;
}

/** Somebody has arranged something: named entries are replaced, null takes one away. */
export interface LayoutChanged {
  /** of the last change; the next one has the next number */
  'revision': number;
  /** the principal who asked */
  'by': string;
  /** by device */
  'devices': Record<string, Placed | null>;
  /** by name */
  'groups': Record<string, PlacedGroup | null>;
}

/** How far the market of a living home has taken its ledger in. */
export interface LedgerFollowed {
  /** last record of the home's journal that is booked */
  'record': number;
  /** records that are not booked yet, as far as is known @default 0 */
  'behind_records'?: number;
  /** the first epoch that the ledger has not booked yet */
  'next_epoch'?: number | null;
  /** what could not be done, and why; null: nothing */
  'trouble'?: string | null;
  /** where the market differs from the home file, and stays so @default [] */
  'notes'?: string[];
}

/** What people set of their lights. */
export interface LightsProperties {
  /** of all lamps together, undimmed */
  'power_watts': number;
  /** when they are on */
  'timers': string[];
  /** each edge of a timer moves at random by up to this, every day again */
  'jitter_minutes': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** the power follows it in proportion */
  'brightness_percent': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface LightsReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** A decision of the inverter, and when it began. */
export interface Line {
  /** the first of the window in which it began */
  'tick': number;
  /** in words, as of its last window */
  'text': string;
}

/** A contract as it is after all changes that are set, and the terms that it had before. */
export interface ListedContract {
  /** name of a contract */
  'contract_id': string;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** name of a meter, a group or a partner */
  'partner_id': string;
  /** to: the asset delivers; from: it purchases */
  'direction': ListedContractDirection;
  /** only active contracts are served */
  'status': ListedContractStatus;
  /** none: taken out of the merit order */
  'priority': number | null;
  /** Wh; most in an epoch */
  'energy'?: number | null;
  /** Wh; most in all */
  'total_energy'?: number | null;
  /** W; below this average nothing is served in an epoch */
  'load_min'?: number | null;
  /** W; above this average nothing more is served in an epoch */
  'load_max'?: number | null;
  /** first epoch in which it is served */
  'valid_from'?: number | null;
  /** first epoch in which it is served no more */
  'valid_until'?: number | null;
  /** Wh served so far, in sealed epochs @default 0 */
  'balanced'?: number;
  /** what held before, oldest first; the last hundred @default [] */
  'past'?: PastTerms[];
}

export type ListedContractDirection = "to" | "from";

export type ListedContractStatus = "active" | "inactive" | "ended";

/** The devices of a home. */
export interface Listing {
  /** name of the home */
  'home': string;
  /** the first tick that is not settled */
  'tick': number;
  /** by name */
  'devices': Record<string, Member>;
}

/** The last lines of a log, the oldest first. */
export interface LogLines {
  /** name of the part */
  'name': string;
  /** text, whatever it looks like; long ones are cut */
  'lines': string[];
}

/** A change, and who asked for it. */
export interface LoggedChange {
  /** of its record in the journal */
  'number': number;
  /** the first that was not settled when it was asked */
  'tick': number | null;
  /** of that tick, ISO 8601 in UTC */
  'time': string | null;
  /** None: the home file, when the home was started again */
  'by': By | null;
  /** none: the clock was changed */
  'changes': Change[];
}

/** A change of the market, as it was accepted. */
export interface LoggedMarketChange {
  /** number of the last change of the market */
  'revision': number;
  /** as in a file of operations */
  'call': string;
  /** who asked, such as house/~anna; null: before that was kept */
  'principal': string | null;
  /** with which it was allowed */
  'role': string | null;
  /** as they were kept; what is too large says so instead */
  'arguments': Record<string, any>;
}

/** A change was accepted and is durable. Revisions have no gaps; one that comes again after a crash is the same again. */
export interface MarketChanged {
  /** number of the last change of the market */
  'revision': number;
  /** as in a file of operations */
  'call': string;
  /** as they were kept */
  'arguments': Record<string, any>;
  /** what was answered */
  'answer': Record<string, any>;
  /** who asked, such as house/~anna; null: before that was kept */
  'principal'?: string | null;
  /** with which it was allowed */
  'role'?: string | null;
}

/** Changes of a market, the last first. */
export interface MarketChanges {
  /** the last first */
  'changes': LoggedMarketChange[];
  /** `before` of the next page; null: there are no older ones */
  'next_before'?: number | null;
}

/** Done; the market is at this revision now. */
export interface MarketDone {
  'status': "ok";
  /** number of the last change of the market */
  'revision': number;
}

/** The market cannot do what its home's ledger or file says, or can again: said once when it begins and once when it ends. */
export interface MarketTrouble {
  /** what and why; null: it is over */
  'trouble': string | null;
  /** last record of the home's journal that is booked */
  'record': number;
  /** records that are not booked yet */
  'behind_records': number;
}

/** A device in a home: its kind, its properties and whether it is switched on. */
export interface Member {
  /** what it is, as home files say it */
  'kind': string;
  /** whether it is switched on @default true */
  'on'?: boolean;
  /** devices whose signals it uses @default [] */
  'hears'?: string[];
  /** what differs from the defaults of the kind */
  'properties'?: Record<string, any>;
}

/** What the operator of the grid sets in a meter. */
export interface MeterProperties {
  /** when tariff 1 (day) counts, on whole quarter-hours; otherwise tariff 2 (night) does */
  'day_windows': string[];
  /** country whose public holidays are night, such as BE or DE-BY; left out: a holiday is a day like any other */
  'holidays': string;
  /** of the meter */
  'serial_number': string;
  /** code of the connection, 18 digits; left out: it is not sent */
  'ean': string;
  /** text of the grid's operator in each telegram */
  'message': string;
  /** between a phase and neutral; currents follow from it */
  'nominal_volts': number;
  /** of the water meter whose litres are sent; left out: none are */
  'water_serial_number': string;
  /** of the gas meter whose volume is sent; left out: none is */
  'gas_serial_number': string;
  /** of this machine or container, at which a living meter sends its telegrams; 0: none */
  'telegram_port': number;
  /** whether a living meter sends them to a pseudo-terminal, too: NAME.p1 in the folder of the home's state */
  'telegram_terminal': boolean;
  /** of this machine or container: there a living meter speaks JSON by WebSocket; 0: none */
  'things_port': number;
  /** addresses or networks that may connect there, such as 192.168.1.0/24; none: this machine only */
  'things_from': string[];
  /** what no quarter-hour is to exceed, for warnings; 0: the month's peak, at least 2,500 */
  'peak_watts_max': number;
}

/** Which meter is read. */
export interface MeterReaderProperties {
  /** of telegrams: tcp://HOST:PORT, a serial device such as /dev/ttyUSB0, or a file; left out: none is read */
  'source': string;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface MeterReaderReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface MeterReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** The highest quarter-hour of a month at the place of the home. */
export interface MonthPeak {
  /** such as 2026-06 */
  'month': string;
  /** where the quarter-hour begins */
  'unix_seconds': number;
  /** mean import of the quarter-hour, rounded down */
  'watts': number;
}

/** Put a contract at a place of its seller's merit order; the others keep their order. */
export interface MoveContract {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** first epoch in which the change holds, after the last sealed one; left out: the next in which nothing is booked */
  'holds_from'?: number | string | null;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** name of a contract */
  'contract_id': string;
  /** 0 is served first; left out: last */
  'place'?: number | null;
}

/** What a device has moved, in J. */
export interface Moved {
  /** taken from the home @default 0 */
  'joules_in'?: number;
  /** given to the home @default 0 */
  'joules_out'?: number;
  /** wanted and not granted until now @default 0 */
  'unserved_joules'?: number;
  /** produced and not used @default 0 */
  'curtailed_joules'?: number;
}

/** The device moves no joule in this window (a sun, a weather, a device that is switched off). */
export interface Nothing {
  'role': "nothing";
}

/** A call without arguments. */
export interface Nothingness {

}

/** The packet of a device for a window; its id is (home, device, window): posted twice it counts once. */
export interface Offered {
  /** A half-open run of ticks: [start, start + ticks). */
  'window': Window;
  /** what it could move in each of these ticks */
  'offer': Nothing | Flow | Storage | Charger | Thermal | Supply | Grid | Inverter;
  /** the device's state at the window's start; kept for its restart */
  'state': Record<string, any>;
  /** it will not react to anything before this tick */
  'quiet_until'?: number | null;
}

/** The first word of a market: how long its epochs are and what its root group is called. */
export interface OpenBooks {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** s; divides a day @default 900 */
  'epoch_seconds'?: number;
  /** name of a meter, a group or a partner @default "eaf_generic_balancegroup" */
  'root'?: string;
}

/** The inverter opens a window: every device of the roster offers for it. */
export interface Opened {
  /** of the keeper; another one has taken over when it is higher */
  'generation': number;
  /** A half-open run of ticks: [start, start + ticks). */
  'window': Window;
  /** every device that is on and publishes signals; those of a revision before this tick are stale */
  'revisions': Record<string, number>;
  /** what is different from the window's start on @default [] */
  'changes'?: Change[];
}

/** A merit order. */
export interface Order {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** in the order in which they are served */
  'contracts': Contract[];
  /** how many there are in all */
  'total': number;
  /** number of the last change of the market */
  'revision': number;
}

/** A planned outage that comes once. */
export interface Outage {
  /** local date and time, such as "2026-03-01 18:00"; an offset says which hour, where one comes twice */
  'begins': string;
  /** local date and time, such as "2026-03-01 18:00"; an offset says which hour, where one comes twice */
  'ends': string;
}

/** What the core did with one offer: sums over the committed ticks, and the memory at their end. */
export interface Outcome {
  /** taken from the home, or from the supply of a fuel @default 0 */
  'joules_in'?: number;
  /** given to the home, or to the burners of a fuel @default 0 */
  'joules_out'?: number;
  /** wanted and not granted when it was wanted, each joule once @default 0 */
  'unserved_joules'?: number;
  /** unserved before, and granted now @default 0 */
  'served_later_joules'?: number;
  /** produced by the sun and not used @default 0 */
  'curtailed_joules'?: number;
  /** tick by tick, only where it differs from the want */
  'granted'?: RunLengths | null;
  /** of knots: for the next window @default 0 */
  'carry'?: number;
  /** of a store at the end @default 0 */
  'level_microjoules'?: number;
  /** of a store: for the next window @default 0 */
  'standby_carry_microjoules'?: number;
  /** lost as heat in the device itself @default 0 */
  'heat_joules'?: number;
  /** of a car: taken by driving @default 0 */
  'driven_joules'?: number;
  /** of a charger: let through to cars @default 0 */
  'charged_joules'?: number;
  /** of a charger: let through from cars @default 0 */
  'discharged_joules'?: number;
  /** of a charger: taken since the car was plugged in, at the end @default 0 */
  'session_joules'?: number;
  /** of a thermal mass: content at the end @default 0 */
  'heat_microjoules'?: number;
  /** of a thermostat at the end; of a charger, whether a car is plugged in @default false */
  'on'?: boolean;
  /** of a thermostat: refused and still waited for at the end @default 0 */
  'owed_joules'?: number;
  /** of an inverter: for the next window @default 0 */
  'carry_microjoules'?: number;
  /** of an inverter: for the next window @default 0 */
  'night_carry_microjoules'?: number;
  /** of what the grid gave @default 0 */
  'import_cost_micro_euro'?: number;
  /** of what the grid took @default 0 */
  'export_income_micro_euro'?: number;
  /** of a grid: for the next window @default 0 */
  'import_carry'?: number;
  /** of a grid: for the next window @default 0 */
  'export_carry'?: number;
}

/** What people set of an oven. */
export interface OvenProperties {
  /** of its heating element */
  'power_watts': number;
  /** middle of the band in which it is kept */
  'setpoint_celsius': number;
  /** width of the band */
  'deadband_kelvin': number;
  /** of the kitchen */
  'ambient_celsius': number;
  /** through walls and door */
  'loss_watts_per_kelvin': number;
  /** of box and food */
  'heat_capacity_joules_per_kelvin': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** when somebody bakes */
  'timers': string[];
}

/** Its readings; the unit is in the name. */
export interface OvenReadings {
  /** how warm it is */
  'temperature_millicelsius': number;
  /** 1 while it heats or cools, else 0 */
  'on': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface OvenReported {
  /** its next tick */
  'tick': number;
  /** Travels through the core and back in every window. */
  'state': ThermostatState;
  /** Its readings; the unit is in the name. */
  'readings': OvenReadings;
}

/** A packet that was not taken, and why; nothing in the books has changed. */
export interface PacketRefused {
  /** who sent it, in the router's word */
  'device': string;
  /** the first of the packet's window */
  'tick': number;
  /** in words */
  'reason': string;
}

/** What people know of their panels. Say the capacity in the way you know it; ways that contradict each other are refused. */
export interface PanelProperties {
  /** maximum capacity in standard test conditions; 5000 when nothing else says it */
  'peak_watts': number | null;
  /** of the field at maximum power; volts x amps is the capacity */
  'volts': number | null;
  /** of the field at maximum power */
  'amps': number | null;
  /** with module_watts another way to say the capacity */
  'module_count': number | null;
  /** capacity of one module */
  'module_watts': number | null;
  /** of all modules; with efficiency_percent a way to say the capacity */
  'area_m2': number | null;
  /** of the modules; 20 when only the area is known */
  'efficiency_percent': number | null;
  /** 0 is flat, 90 a wall */
  'tilt_degrees': number;
  /** where they look: 0 north, 90 east, 180 south, 270 west; to the equator when it is not said */
  'azimuth_degrees': number | null;
  /** of power, above 25 degrees Celsius */
  'temperature_coefficient_percent_per_kelvin': number;
  /** dirt, shade, mismatch, cables, age; the default is that of PVWatts */
  'losses_percent': number;
  /** share of light that the ground throws back */
  'albedo': number;
  /** how wind reaches their back */
  'mounting': PanelPropertiesMounting;
  /** of sky, glass and cells; pvwatts_8: as PVWatts version 8 of NREL, within 1 % a year; hay_davies: as in 0.1 */
  'model': PanelPropertiesModel;
  /** 0 is curtailed first, 9 last */
  'shedding_priority': number;
}

export type PanelPropertiesModel = "hay_davies" | "pvwatts_8";

export type PanelPropertiesMounting = "open_rack" | "roof" | "insulated";

/** Its readings; the unit is in the name. */
export interface PanelReadings {
  /** made in the last window */
  'produced_joules': number;
  /** that nobody could take in the last window */
  'curtailed_joules': number;
  /** of its panels under standard light */
  'capacity_watts': number;
  /** light that enters its cells, in mW/m2; left out: not known yet */
  'irradiance_mw_m2'?: number | null;
  /** of its cells, in mK; left out: not known yet */
  'cell_temperature_mk'?: number | null;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface PanelReported {
  /** its next tick */
  'tick': number;
  /** What is left below a joule. */
  'state': PanelState;
  /** Its readings; the unit is in the name. */
  'readings': PanelReadings;
}

/** What is left below a joule. */
export interface PanelState {
  /** in the unit of the core's knots */
  'carry': number;
}

/** The state of a part of a home: its process or pod, and the health that it reports. */
export interface PartStatus {
  /** starting: it should run and does not yet, or not again; outside: others run it */
  'state': PartStatusState;
  /** how many of it there should be */
  'replicas': number;
  /** of its process, when it runs on this machine */
  'pid'?: number | null;
  /** when it was last started, ISO 8601 in UTC */
  'since'?: string | null;
  /** how often it has ended without being told to @default 0 */
  'restarts'?: number;
  /** whether it answers; the router does if this answer arrives */
  'alive': boolean;
  /** whether it can do its job */
  'ready': boolean;
  /** the first tick that it has not seen settled */
  'tick'?: number | null;
  /** why it is not ready */
  'cause'?: string | null;
  /** how far it is behind the home */
  'lag_ticks'?: number | null;
  /** resident memory of its process, when it runs on this machine */
  'memory_bytes'?: number | null;
  /** messages that it has dropped since the home is up @default 0 */
  'dropped'?: number;
}

export type PartStatusState = "running" | "starting" | "stopped" | "ended" | "outside";

/** A part of the home ends again and again, or does so no more. */
export interface PartTrouble {
  /** its name */
  'part': string;
  /** how often within the last minute; 0: it is over */
  'ends': number;
  /** in words, with what to do */
  'text': string;
}

/** What held before: against whom an asset was balanced, or which meters it summed. */
export interface PastRule {
  /** first epoch in which it holds no more */
  'until_epoch': number;
  /** Against whom an asset is balanced. A rule with one side serves both directions of a group's residual. */
  'balance_rule': Rule;
  /** of a summing meter: its members @default [] */
  'sums'?: string[];
}

/** The terms that a contract had before. */
export interface PastTerms {
  /** first epoch in which they hold no more */
  'until_epoch': number;
  /** only active contracts are served */
  'status': PastTermsStatus;
  /** none: taken out of the merit order */
  'priority': number | null;
  /** Wh; most in an epoch */
  'energy'?: number | null;
  /** Wh; most in all */
  'total_energy'?: number | null;
  /** W; below this average nothing is served in an epoch */
  'load_min'?: number | null;
  /** W; above this average nothing more is served in an epoch */
  'load_max'?: number | null;
  /** first epoch in which it is served */
  'valid_from'?: number | null;
  /** first epoch in which it is served no more */
  'valid_until'?: number | null;
}

export type PastTermsStatus = "active" | "inactive" | "ended";

/** Mean power of a quarter-hour at the grid. */
export interface Peak {
  /** where the quarter-hour begins */
  'unix_seconds': number;
  /** mean import of the quarter-hour, rounded down */
  'watts': number;
}

/** Peaks of a span, as capacity tariffs count them. */
export interface Peaks {
  /** where the span begins */
  'from_unix_seconds': number;
  /** where the span ends */
  'to_unix_seconds': number;
  /** of import, the highest first */
  'highest': Peak[];
  /** of each month, in order */
  'months': MonthPeak[];
}

/** An asset that is balanced against another one. */
export interface Peer {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** meter, balance, debit … : what it is */
  'type': string;
  /** it delivers to the other (its rule says to) */
  'feeds': boolean;
  /** the other delivers to it (its rule says from) */
  'draws': boolean;
}

/** Who is balanced against an asset. */
export interface Peers {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** sorted by name */
  'peers': Peer[];
  /** how many there are in all */
  'total': number;
}

/** All who may come in. */
export interface PeopleListed {
  /** by name */
  'people': PersonListed[];
}

/** Somebody who may come in; no secrets. */
export interface PersonListed {
  /** name of a person or a program */
  'name': string;
  /** what they may do */
  'role': string;
  /** those that a controller may set @default [] */
  'devices'?: string[];
  /** when it ends, ISO 8601 in UTC; null: never */
  'expires'?: string | null;
  /** whether it has ended @default false */
  'is_expired'?: boolean;
  /** whether they can sign in on a page with a password @default false */
  'has_password'?: boolean;
}

/** Where a home stands. */
export interface Place {
  /** north is positive */
  'latitude_degrees': number;
  /** east is positive */
  'longitude_degrees': number;
  /** above the sea @default 0 */
  'altitude_m'?: number;
  /** IANA name, for the timers of people: Europe/Brussels @default "UTC" */
  'timezone'?: string;
}

/** A device on the page; what is null is as the page wants it. */
export interface Placed {
  /** from left to right, in pixels at a zoom of 1 */
  'x'?: number | null;
  /** from the top down */
  'y'?: number | null;
  /** its name for people */
  'label'?: string | null;
  /** for people */
  'note'?: string | null;
  /** one of the groups */
  'group'?: string | null;
}

/** What is to change of a device on the page: what is left out stays as it is, and null takes away. */
export interface PlacedChange {
  /** from left to right, in pixels at a zoom of 1 */
  'x'?: number | null;
  /** from the top down */
  'y'?: number | null;
  /** its name for people */
  'label'?: string | null;
  /** for people */
  'note'?: string | null;
  /** one of the groups */
  'group'?: string | null;
}

/** A group of devices on the page. */
export interface PlacedGroup {
  /** its name for people */
  'label': string;
  /** whether it is shown as one thing @default false */
  'is_folded'?: boolean;
}

/** Ticks in which the settings of the inverter do not change. */
export interface PolicyRun {
  /** how many */
  'ticks': number;
  /** what sunlight is for, the first first @default ["loads","battery","export"] */
  'priority'?: [PolicyRunPriority, PolicyRunPriority, PolicyRunPriority];
  /** whether the sun may charge the battery @default true */
  'charge_from_sun'?: boolean;
  /** whether the grid may charge the battery @default false */
  'charge_from_grid'?: boolean;
  /** whether the battery may serve loads while the grid is on @default true */
  'discharge'?: boolean;
  /** share of the capacity that is kept for outages @default 0 */
  'reserve_ppm'?: number;
  /** share of the capacity to which the grid charges it @default 1000000 */
  'target_ppm'?: number;
  /** to the grid at most @default 9007199254740991 */
  'export_watts_max'?: number;
  /** from the grid at most @default 9007199254740991 */
  'import_watts_max'?: number;
  /** whether loads above it are shed; else the grid serves what the stores cannot @default true */
  'sheds_above_import_max'?: boolean;
  /** whether the battery is for outages only @default false */
  'backup_only'?: boolean;
  /** whether the home is served while the grid is out @default true */
  'island'?: boolean;
  /** whether it is then served by the sun alone, when there is no store @default false */
  'outlet'?: boolean;
  /** whether the grid charges the battery up to its reserve @default false */
  'restore_reserve'?: boolean;
  /** the grid charges below this price of import, micro-euro per kWh */
  'charge_below_price'?: number | null;
  /** the grid charges in so many of the cheapest seconds of a day @default 0 */
  'charge_cheapest_seconds'?: number;
  /** the battery serves from this price of import on, micro-euro per kWh */
  'discharge_from_price'?: number | null;
  /** nothing is exported below this price of export, micro-euro per kWh */
  'export_from_price'?: number | null;
  /** the battery feeds the grid from this price on, micro-euro per kWh */
  'sell_from_price'?: number | null;
}

export type PolicyRunPriority = "loads" | "battery" | "export";

/** A demo meter: a day of quarter-hour readings from the standard household profile BDEW H0, all of them booked. */
export interface Populate {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** kWh in a year @default 2000 */
  'kwha'?: number;
  /** a moment of the day; left out: yesterday, where there is a clock, else the next day without readings */
  'day'?: number | string | null;
  /** IANA name: where the day begins @default "UTC" */
  'timezone'?: string;
}

/** A day of a demo meter. */
export interface Populated {
  /** ok; late: some wait on the late list, because their epochs are sealed @default "ok" */
  'status'?: string;
  /** readings whose energy waits on the late list @default 0 */
  'late'?: number;
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** readings that were taken: 96, on days on which clocks change 92 or 100 */
  'processed': number;
  /** quarter-hours of the day */
  'of': number;
  /** Wh */
  'consumption': number;
  /** ms since 1970 in UTC */
  'first_time': number;
  /** ms since 1970 in UTC */
  'last_time': number;
  /** number of the last change of the market */
  'revision': number;
}

/** Energy from one asset to another in an epoch. */
export interface Posting {
  /** name of a meter, a group or a partner */
  'from': string;
  /** name of a meter, a group or a partner */
  'to': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** Wh */
  'wh': number;
  /** why it was booked */
  'kind': PostingKind;
  /** of contract and counter postings */
  'contract_id'?: string | null;
  /** mg of CO2 @default 0 */
  'co2_mg'?: number;
  /** tariff segment, such as virtual_1 */
  'label'?: string | null;
  /** where the value comes from */
  'source'?: string | null;
  /** of a correction: the sealed epoch that it belongs to */
  'original_epoch'?: number | null;
}

export type PostingKind = "meter" | "residual" | "contract" | "counter" | "correction";

/** Postings of an epoch, in canonical order. */
export interface Postings {
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** how many there are */
  'total': number;
  /** in canonical order */
  'postings': Posting[];
}

/** A price and since when it holds. */
export interface Price {
  /** tariff segment, such as virtual_1 */
  'label': string;
  /** unix seconds / length of an epoch, rounded down */
  'from_epoch': number;
  /** millionths of a euro per kWh */
  'micro_euro_per_kwh': number;
}

/** A price that holds from a moment on, until the next one. */
export interface PriceFrom {
  /** local date and time, such as "2026-03-01 18:00"; an offset says which hour, where one comes twice */
  'since': string;
  /** negative where one is paid for it */
  'euro_per_kwh': number;
}

/** All prices, by segment and epoch. */
export interface PriceList {
  /** by segment, then by epoch */
  'prices': Price[];
  /** how many there are in all */
  'total': number;
}

/** Prices by segment, in millionths of a euro per kWh. */
export interface Prices {
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** millionths of a euro per kWh */
  'prices': Record<string, number>;
}

/** What energy costs at this moment, as the grid told last. */
export interface PricesNow {
  /** of energy taken */
  'import_micro_euro_per_kwh': number;
  /** of energy given */
  'export_micro_euro_per_kwh': number;
  /** as people write it; its millionth is called micro-euro everywhere */
  'currency': string;
  /** false in an outage */
  'available': boolean;
}

/** The running quarter-hour at the grid connection, said once a real second as long as time goes on. */
export interface QuarterSeen {
  /** end of the newest settled tick, Unix seconds of the home's clock */
  'unix_seconds': number;
  /** of the quarter-hour */
  'done_seconds': number;
  /** W, imported so far, over the whole quarter-hour: it begins at 0 */
  'demand_watts': number;
  /** W, mean net import of the last half minute, at least 0 */
  'power_watts': number;
  /** W, mean of the quarter-hour if that power stays */
  'forecast_watts': number;
  /** W, what it is compared with: the month's peak, the least that is billed, or a plan */
  'cap_watts': number;
  /** W, cap less forecast; negative: a new peak is coming */
  'gap_watts': number;
  /** W, more that may be taken until the quarter-hour ends; negative: so much less */
  'allowed_watts': number;
  /** W, highest quarter-hour of the day that is over; 0: there is none yet */
  'day_peak_watts': number;
  /** W, the same of the month */
  'month_peak_watts': number;
  /** when that quarter-hour ended; null: there is none yet */
  'month_peak_unix_seconds': number | null;
  /** W, mean of the last twelve months' peaks, each at least what is billed */
  'mean_of_months_watts': number;
  /** W, of the newest tick */
  'import_watts': number;
  /** W, of the newest tick */
  'export_watts': number;
  /** whether tariff 1 (day) holds from now on; otherwise tariff 2 (night) does */
  'is_day': boolean;
  /** for people, once in a quarter-hour whose forecast is above the cap */
  'warning'?: string | null;
}

/** A price that holds during a daily window, such as the night rate. */
export interface Rate {
  /** local time, such as "22:00-06:30" or "Mon-Fri 07:00-09:00" */
  'during': string;
  /** negative where one is paid for it */
  'euro_per_kwh': number;
}

/** What became of a reading. */
export interface Read {
  /** ok, late (some of it came after the seal) or refused */
  'status': string;
  /** whether it was taken */
  'processed': boolean;
  /** why it was refused */
  'reason'?: string | null;
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** Wh since the last reading @default 0 */
  'consumption'?: number;
  /** epoch by epoch; the first ones of many @default [] */
  'shares'?: Share[];
  /** number of the last change of the market */
  'revision': number;
}

/** The last reading of a meter. */
export interface Reading {
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** Wh; none: it was never read */
  'reading'?: number | null;
  /** ms since 1970 in UTC */
  'time'?: number | null;
}

/** A change with the record in which it was promised. */
export interface RecordedChange {
  /** number in the journal */
  'record': number;
  /** What somebody changed about one device, and the tick from which it holds. Exactly one field says what. */
  'change': Change;
}

/** Take a contract out of the merit order; it is served no more until it is added again. */
export interface RemoveFromOrder {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** first epoch in which the change holds, after the last sealed one; left out: the next in which nothing is booked */
  'holds_from'?: number | string | null;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** name of a contract */
  'contract_id': string;
}

/** Records of the journal, as they are in its frames; fewer than were asked for when they are large. */
export interface Replay {
  /** number of the first of these records */
  'first': number;
  /** of the last record that there is */
  'last_number': number;
  /** of the frames, base64 */
  'payloads': string[];
}

/** What a device publishes about itself, for people, at most once a second. */
export interface Reported {
  /** its next tick */
  'tick': number;
  /** what it remembers; its kind says what */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** A part is being restarted. */
export interface Restarted {
  /** name of the part */
  'name': string;
}

/** What a device needs to go on: who it is, and the last window in which it took part. */
export interface Resume {
  /** name of the home */
  'home': string;
  /** of the keeper; another one has taken over when it is higher */
  'generation': number;
  /** of the beginning of tick 0 */
  'start_unix_seconds': number;
  /** length of a tick in s */
  'tick_seconds': number;
  /** from which all chance of this home comes */
  'seed': number;
  /** Where a home stands. */
  'place': Place;
  /** A device in a home: its kind, its properties and whether it is switched on. */
  'member': Member;
  /** of the devices it hears */
  'kinds': Record<string, string>;
  /** its next tick */
  'next_tick': number;
  /** None: it is new */
  'last'?: Window | null;
  /** at the start of the last window */
  'state'?: Record<string, any> | null;
  /** what was done with its offer for the last window */
  'outcome'?: Outcome | null;
  /** the window that is open now */
  'opened'?: Opened | null;
}

/** Against whom an asset is balanced. A rule with one side serves both directions of a group's residual. */
export interface Rule {
  /** who delivers what it lacks */
  'from'?: string | null;
  /** who takes what it has too much */
  'to'?: string | null;
  /** when the predecessor's user interface wrote it; not used */
  'updated'?: number | null;
}

/** Runs of equal ticks: (number of ticks, value in each of them); the numbers add up to the window. */
export interface RunLengths {
  'form': "run_lengths";
  /** [number of ticks, value in each of them] */
  'run_lengths': [number, number][];
}

/** A signal (not energy): values at knots that stand as those of power do, linear between them. */
export interface Sampled {
  'form': "sampled";
  /** between two knots */
  'grid_seconds': number;
  /** age of the first knot at the span's start */
  'lead_seconds': number;
  /** at each knot */
  'values': number[];
}

/** The parameters of an inverter in the CEC library of SAM, under the names they have there. */
export interface SandiaCurve {
  /** W AC at most */
  'paco': number;
  /** W DC at which it gives paco */
  'pdco': number;
  /** W DC at which it wakes up */
  'pso': number;
  /** W AC that it draws at night */
  'pnt': number;
  /** V DC of the parameters; joulebus runs it at this voltage @default 400 */
  'vdco'?: number;
  /** 1/W, the curvature @default 0 */
  'c0'?: number;
  /** 1/V, has no effect at vdco @default 0 */
  'c1'?: number;
  /** 1/V, has no effect at vdco @default 0 */
  'c2'?: number;
  /** 1/V, has no effect at vdco @default 0 */
  'c3'?: number;
}

/** What is different since the revision before: named entries are replaced, null takes one away. */
export interface ScreenChanged {
  /** one more than that of the change before */
  'revision': number;
  /** who came, changed or left */
  'roster'?: Record<string, Member | null>;
  /** what devices told */
  'readings'?: Record<string, Record<string, number> | null>;
  /** J by device */
  'energy'?: Record<string, Moved | null>;
  /** J by "source>sink" */
  'flows'?: Record<string, number | null>;
  /** who was arranged */
  'layout'?: Record<string, Placed | null>;
  /** groups */
  'groups'?: Record<string, PlacedGroup | null>;
  /** null: as before */
  'sealed_epochs'?: number | null;
  /** all of them; null: as before */
  'lines'?: Line[] | null;
  /** null: as before */
  'counted_from_tick'?: number | null;
}

/** All that a screen shows. */
export interface ScreenSnapshot {
  /** name of the home */
  'home': string;
  /** of the last change; the next one has the next number */
  'revision': number;
  /** of the beginning of tick 0 */
  'start_unix_seconds': number;
  /** length of a tick in s */
  'tick_seconds': number;
  /** IANA name of the place's */
  'timezone': string;
  /** energy and cost count from here on; 0 when a historian knows all of it */
  'counted_from_tick': number;
  /** who belongs to the home, with all promised changes */
  'roster': Record<string, Member>;
  /** what each device told last */
  'readings': Record<string, Record<string, number>>;
  /** J by device, at most a second old */
  'energy': Record<string, Moved>;
  /** J by "source>sink", at most a second old */
  'flows': Record<string, number>;
  /** quarter-hours that are sealed */
  'sealed_epochs': number;
  /** the last decisions, in order */
  'lines': Line[];
  /** by device; some may not be there yet, or any more */
  'layout'?: Record<string, Placed>;
  /** by name */
  'groups'?: Record<string, PlacedGroup>;
  /** The home at this moment: at most ten times a second at any speed, at most 8 kB, and each second when nothing moves. */
  'summary': Summary;
}

/** Seal an asset in an epoch. */
export interface SealAsset {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
  /** why, as the changes of the market keep it beside who asked */
  'reason'?: string | null;
}

/** Seal all assets of an epoch, from the meters up to the root. */
export interface SealEpoch {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it */
  'epoch': number | string;
}

/** A seal in short; its columns are in the journal. */
export interface SealNote {
  /** quarter-hours since 1970 in UTC */
  'epoch': number;
  /** of this seal, chained to the one before */
  'hash': string;
}

/** What became of a wish to seal. */
export interface Sealed {
  /** sealed, already_sealed, upstream_sealed, partner_sealed, vetoed */
  'status': string;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** why it was not sealed */
  'reason'?: string | null;
  /** what one should know, such as children that are open @default [] */
  'warnings'?: string[];
  /** the proof; of already_sealed the old one */
  'seal'?: AssetSeal | null;
  /** that sealing has added, the first ones of many @default [] */
  'postings'?: Posting[];
  /** number of the last change of the market */
  'revision': number;
}

/** An epoch that was sealed as a whole. */
export interface SealedEpoch {
  /** sealed, already_sealed or vetoed */
  'status': string;
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** why it was not sealed */
  'reason'?: string | null;
  /** how many assets were sealed */
  'seals': number;
  /** who was not sealed, and why; the first ones of many @default [] */
  'refused'?: string[];
  /** contracts that close a circle and were not served @default [] */
  'skipped'?: string[];
  /** the market's chain after it */
  'head': string;
  /** number of the last change of the market */
  'revision': number;
}

/** Somebody who is joined to the bus: a person, a program or a part of the home. */
export interface SessionListed {
  /** number of the session, as messages of the bus name it */
  'session': number;
  /** home and name, such as house/~anna */
  'principal': string;
  /** what they may do */
  'role': string;
  /** when they came, by the clock on the wall */
  'since_unix_seconds': number;
}

/** All who are joined to the bus. */
export interface SessionsListed {
  /** the last who came first */
  'sessions': SessionListed[];
}

/** Which segment holds in which epochs. What was booked keeps its segment. */
export interface SetLabels {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** epoch by epoch */
  'labels': string[];
  /** from the epoch of this moment on */
  'from_time'?: number | string | null;
  /** first epoch */
  'from_epoch'?: number | string | null;
}

/** The whole merit order of a seller: contracts in the order in which they are served; those that are not named are removed from it. */
export interface SetOrder {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** first epoch in which the change holds, after the last sealed one; left out: the next in which nothing is booked */
  'holds_from'?: number | string | null;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** the first is served first */
  'contracts': string[];
}

/** What a kWh of each segment costs from a moment on: ``prices`` in micro-euro, or as the predecessor: virtual_1=0.25 in euro. */
export interface SetPrices {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** by segment, in millionths of a euro per kWh */
  'prices': Record<string, number>;
  /** from the epoch of this moment on; left out: from now, where there is a clock */
  'from_time'?: number | string | null;
  /** first epoch */
  'from_epoch'?: number | string | null;
}

/** The committed and durable outcome of a window. */
export interface Settled {
  /** of the keeper; another one has taken over when it is higher */
  'generation': number;
  /** of the record in the journal */
  'number': number;
  /** A half-open run of ticks: [start, start + ticks). */
  'window': Window;
  /** by device; what is left out is 0, false or null */
  'outcomes': Record<string, Outcome>;
  /** J by "source>sink" */
  'flows': Record<string, number>;
  /** of the epochs it completed @default [] */
  'seals'?: SealNote[];
  /** the next window, when it is due at once */
  'opened'?: Opened | null;
}

/** Energy laid over epochs; the shares sum to it exactly. */
export interface Settlement {
  /** Wh */
  'consumption': number;
  /** epoch by epoch */
  'shares': Share[];
  /** Wh by tariff segment */
  'by_label': Record<string, number>;
}

/** What a reading has booked into an epoch. */
export interface Share {
  /** unix seconds / length of an epoch, rounded down */
  'epoch': number;
  /** Wh */
  'wh': number;
  /** tariff segment, such as virtual_1 */
  'label'?: string | null;
}

/** Sun and weather at this moment, as the devices of these kinds told last. */
export interface SkyNow {
  /** of the sun above the horizon in micro-degrees; negative at night */
  'elevation_udeg': number;
  /** direction of the sun in micro-degrees, clockwise from north */
  'azimuth_udeg': number;
  /** light on level ground in mW/m2, through the clouds when there is a weather */
  'ghi_mw_m2': number;
  /** the same under a clear sky */
  'clear_ghi_mw_m2': number;
  /** of the air in mK; null: there is no weather */
  'air_temperature_mk'?: number | null;
  /** 10 m above ground, in mm/s */
  'wind_mm_s'?: number | null;
  /** share of the sky under clouds */
  'cloud_ppm'?: number | null;
}

/** A stage of load shedding that holds from a moment on, until the next one. */
export interface StageFrom {
  /** local date and time, such as "2026-03-01 18:00"; an offset says which hour, where one comes twice */
  'since': string;
  /** of load shedding, 0 is none */
  'stage': number;
}

/** A posting, as one of its two sides sees it. */
export interface StatementLine {
  /** Energy from one asset to another in an epoch. */
  'posting': Posting;
  /** the other side */
  'peer': string;
  /** Wh; positive came in, negative went out */
  'wh': number;
  /** Wh; of the lines of this page up to this one, from the oldest on */
  'running_wh': number;
}

/** Where the next page begins. */
export interface StatementPlace {
  /** unix seconds / length of an epoch, rounded down */
  'until_epoch': number;
  /** lines of its newest epoch that were on this page @default 0 */
  'skip'?: number;
}

/** Postings of an asset: a page of them. */
export interface Statements {
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** newest first */
  'lines': StatementLine[];
  /** Wh; the sum of the lines of this page */
  'net_wh': number;
  /** where the next page begins; null: there are no older lines */
  'next'?: StatementPlace | null;
}

/** A store with the level at the window's start; its recurrence is described in ARCHITECTURE.md. */
export interface Storage {
  'role': "storage";
  /** at the window's start */
  'level_microjoules': number;
  /** never discharged below this */
  'least_joules': number;
  /** never charged above this */
  'most_joules': number;
  /** what reserve and charge target are a share of */
  'capacity_joules': number;
  /** power into it at its terminals */
  'charge_watts_max': number;
  /** power out of it at its terminals */
  'discharge_watts_max': number;
  /** share of the charge that reaches the level */
  'charge_efficiency_ppm': number;
  /** share of the level that reaches the home */
  'discharge_efficiency_ppm': number;
  /** what it loses by itself @default 0 */
  'standby_milliwatts'?: number;
  /** standby loss that is not yet a whole joule @default 0 */
  'standby_carry_microjoules'?: number;
  /** whether it loses nothing by itself any more when it is down at its least @default false */
  'sleeps_at_least'?: boolean;
  /** of several stores the highest is used first @default 5 */
  'priority'?: number;
  /** of the inverter on which it stands @default "dc" */
  'side'?: StorageSide;
  /** of a car on the AC side: through which it is charged; left out, it takes what nobody else wants */
  'charger'?: string | null;
  /** of its charger's phases, how many it uses at most @default 3 */
  'phase_count'?: number;
  /** of each tick, in which it is plugged in; left out, it always is */
  'plugged_seconds'?: RunLengths | null;
  /** J that driving takes from it in each tick; it goes below least_joules */
  'driving'?: RunLengths | null;
  /** [J inside, W of charge at most], rising and linear between; none: at any level @default [] */
  'taper'?: [number, number][];
}

export type StorageSide = "ac" | "dc";

/** The home at this moment: at most ten times a second at any speed, at most 8 kB, and each second when nothing moves. */
export interface Summary {
  /** of the last change; the next one has the next number */
  'revision': number;
  /** number of the last settlement that is counted */
  'record': number;
  /** the first tick that is not settled */
  'tick': number;
  /** of that tick, ISO 8601 in UTC */
  'time': string;
  /** simulated seconds per real second, or "flat_out" */
  'speed': number | 'flat_out';
  /** whether somebody has paused the clock */
  'paused': boolean;
  /** ticks that are due and not settled */
  'lag_ticks': number;
  /** some of those whose packets are missing @default [] */
  'waits_for'?: string[];
  /** why the clock is stopped although it should run */
  'cause'?: string | null;
  /** mean of the last window; positive consumes; left out: 0, or a small one of many */
  'power_watts': Record<string, number>;
  /** of devices that move something and do not fit @default 0 */
  'others_watts'?: number;
  /** by "source>sink", left out: 0 */
  'flow_watts': Record<string, number>;
  /** by battery */
  'state_of_charge_ppm': Record<string, number>;
  /** wanted and not granted @default 0 */
  'unserved_watts'?: number;
  /** some of those who wanted it @default [] */
  'unserved'?: string[];
  /** could have been produced @default 0 */
  'curtailed_watts'?: number;
  /** of import, less the income of export, since the home's first tick */
  'cost_micro_euro': number;
  /** what the inverter did last, in words */
  'decision': string;
  /** why, each with the setting or the state that decided it @default [] */
  'reasons'?: string[];
  /** null: there is no sun that is on, or it has told nothing yet */
  'sky'?: SkyNow | null;
  /** null: there is no grid, or it has told nothing yet */
  'prices'?: PricesNow | null;
}

/** Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next. */
export interface SunForecast {
  /** A half-open run of ticks: [start, start + ticks). */
  'span': Window;
  /** of Opened.revisions, which these signals answer */
  'revision': number;
  /** The signals of a sun; the unit is in the name. */
  'signals': SunSignals;
}

/** What people may do to their sun. */
export interface SunProperties {
  /** strength of its light; 100 is what pvlib's clear sky and the weather say */
  'irradiance_percent': number;
  /** moves it along its way: 60 shows in every moment where it will stand an hour later */
  'position_shift_minutes': number;
}

/** Its readings; the unit is in the name. */
export interface SunReadings {
  /** angle between the sun and straight up, in micro-degrees, without refraction; left out: not known yet */
  'zenith_udeg'?: number | null;
  /** direction of the sun in micro-degrees, clockwise from north; left out: not known yet */
  'azimuth_udeg'?: number | null;
  /** light of a clear sky on level ground, in mW/m2; left out: not known yet */
  'ghi_mw_m2'?: number | null;
  /** beam of a clear sky on what faces the sun, in mW/m2; left out: not known yet */
  'dni_mw_m2'?: number | null;
  /** diffuse light of a clear sky on level ground, in mW/m2; left out: not known yet */
  'dhi_mw_m2'?: number | null;
  /** what its light is multiplied with; 1,000,000 is the real sun; left out: not known yet */
  'strength_ppm'?: number | null;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface SunReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** Its readings; the unit is in the name. */
  'readings': SunReadings;
}

/** The signals of a sun; the unit is in the name. */
export interface SunSignals {
  /** angle between the sun and straight up, in micro-degrees, without refraction */
  'zenith_udeg': RunLengths | Sampled;
  /** direction of the sun in micro-degrees, clockwise from north */
  'azimuth_udeg': RunLengths | Sampled;
  /** light of a clear sky on level ground, in mW/m2 */
  'ghi_mw_m2': RunLengths | Sampled;
  /** beam of a clear sky on what faces the sun, in mW/m2 */
  'dni_mw_m2': RunLengths | Sampled;
  /** diffuse light of a clear sky on level ground, in mW/m2 */
  'dhi_mw_m2': RunLengths | Sampled;
  /** what its light is multiplied with; 1,000,000 is the real sun */
  'strength_ppm': RunLengths | Sampled;
}

/** What a fuel comes from, as gas does: without end, and beside the busbar. */
export interface Supply {
  'role': "supply";
  /** J that it could give in each tick */
  'joules_max': RunLengths | Each | Knots;
}

/** What has come from a real meter, at most once a second; it counts since the reader's process began. */
export interface TelegramReceived {
  /** Unix seconds of the meter's clock; null: no telegram, or it says none */
  'unix_seconds'?: number | null;
  /** the newest telegram as it came, each letter a byte (Latin-1); null: none was whole since the last time */
  'text'?: string | null;
  /** with a right checksum */
  'telegrams': number;
  /** with a wrong checksum, or without a beginning or an end */
  'dropped': number;
  /** of all telegrams, that nobody here knows; they stand in the text */
  'unknown_lines': number;
  /** that came, whatever they were */
  'bytes': number;
}

/** A telegram (eMUCS-P1 2.1.1), as it goes through all doors of the meter. */
export interface TelegramSent {
  /** end of the newest settled tick, Unix seconds of the home's clock */
  'unix_seconds': number;
  /** all of it, with its checksum and ends of lines */
  'text': string;
}

/** A thermostat around a thermal mass: an oven, a geyser, a fridge; or a boiler, which takes its joules from the supply of a fuel. */
export interface Thermal {
  'role': "thermal";
  /** heat content above 0 degrees Celsius */
  'heat_microjoules': number;
  /** whether it is on at the window's start */
  'on': boolean;
  /** the lower end of the thermostat's band */
  'low_microjoules': number;
  /** the upper end of the thermostat's band */
  'high_microjoules': number;
  /** a fridge: on above high, off below low @default false */
  'cools'?: boolean;
  /** power that it takes while it is on: electric, or of its fuel */
  'watts': number;
  /** its surroundings along the window */
  'surroundings': ThermalRun[];
  /** refused before and still waited for @default 0 */
  'owed_joules'?: number;
  /** the lowest is shed first: 0 first, 9 last @default 5 */
  'shedding_priority'?: number;
  /** the supply whose fuel it burns; left out: it is electric */
  'fuel'?: string | null;
}

/** Seconds in which the surroundings of a thermal mass do not change. */
export interface ThermalRun {
  /** how many */
  'seconds': number;
  /** whether its timers let it be on @default true */
  'enabled'?: boolean;
  /** exp(-1 s / tau) in units of 2**-52 */
  'decay_q52': number;
  /** heat to which it goes while it is off */
  'equilibrium_off_microjoules': number;
  /** heat to which it goes while it is on */
  'equilibrium_on_microjoules': number;
}

/** Travels through the core and back in every window. */
export interface ThermostatState {
  /** heat content above 0 degrees Celsius */
  'heat_microjoules': number;
  /** whether it heats, or cools */
  'on': boolean;
  /** it was refused, and will take when it can */
  'owed_joules': number;
}

/** What a home has moved since its first tick, up to a record of the journal. */
export interface Totals {
  /** the last one that is counted */
  'record': number;
  /** the first that is not counted */
  'tick': number;
  /** by name, also of those that have left */
  'devices': Record<string, Moved>;
  /** J by "source>sink" */
  'flows': Record<string, number>;
  /** of import, less the income of export */
  'cost_micro_euro': number;
  /** quarter-hours that are sealed */
  'seals': number;
}

/** A way that somebody drives; the car is away for so long, and its kilometres are spread over that time. */
export interface Trip {
  /** local time, such as "Mon-Fri 07:30", or a moment that comes once, such as "2026-03-01 18:00" */
  'departs': string;
  /** until it is plugged in again */
  'hours': number;
  /** that it drives meanwhile */
  'km': number;
}

/** What people set of a television. */
export interface TvProperties {
  /** while somebody watches */
  'power_watts': number;
  /** when somebody watches */
  'timers': string[];
  /** each edge of a timer moves at random by up to this, every day again */
  'jitter_minutes': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** while nobody does */
  'standby_watts': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface TvReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** by name; the unit is in the name */
  'readings': Record<string, number>;
}

/** Change a contract from an epoch on; what is left out stays. Epochs that are sealed are never touched. */
export interface UpdateContract {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** first epoch in which the change holds, after the last sealed one; left out: the next in which nothing is booked */
  'holds_from'?: number | string | null;
  /** of the predecessor: what was served so far; 0, or left out */
  'balanced'?: number | null;
  /** of the predecessor: how much of it was served; 0, or left out */
  'fulfillment'?: number | null;
  /** of the predecessor: 0, or left out */
  'last_cleared_epoch'?: number | null;
  /** name of a contract */
  'contract_id': string;
  /** only active contracts are served */
  'status'?: UpdateContractStatus | null;
  /** the lowest is served first */
  'priority'?: number | null;
  /** Wh; most in an epoch */
  'energy'?: number | null;
  /** Wh; most in all */
  'total_energy'?: number | null;
  /** W; below this average nothing is served in an epoch */
  'load_min'?: number | null;
  /** W; above this average nothing more is served in an epoch */
  'load_max'?: number | null;
  /** first epoch in which it is served */
  'valid_from'?: number | string | null;
  /** first epoch in which it is served no more */
  'valid_until'?: number | string | null;
}

export type UpdateContractStatus = "active" | "inactive" | "ended";

/** A meter's cumulative reading at a moment; what came since the last one is laid over the epochs and booked. */
export interface UpdateReading {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** name of a meter, a group or a partner */
  'meter_id': string;
  /** of the reading; left out: now, where the market lives beside a clock */
  'time'?: number | string | null;
  /** Wh; what the counter shows */
  'reading': number;
  /** mg of CO2 @default 0 */
  'co2_mg'?: number;
  /** where a value comes from; a part of what is sealed @default "" */
  'source'?: string;
  /** exchange: a new counter begins with this reading; rollover: the counter has passed its end; correction: what was read last was wrong, this is right at the same moment @default "reading" */
  'kind'?: UpdateReadingKind;
  /** exchange: last reading of the old counter; rollover: largest value */
  'last'?: number | null;
}

export type UpdateReadingKind = "reading" | "exchange" | "rollover" | "correction";

/** Make an asset, or change it; what is left out stays. */
export interface Upsert {
  /** chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash */
  'request_id'?: string | null;
  /** name of a meter, a group or a partner */
  'asset_id': string;
  /** meter, balance, debit … : what it is @default "balance" */
  'type'?: string;
  /** replaces the whole rule */
  'balance_rule'?: Rule | null;
  /** any JSON about it; kept, never read */
  'client_meta'?: Record<string, any> | null;
  /** of a summing meter: the meters whose sum it shows; it books nothing */
  'sums'?: string[] | null;
  /** first epoch in which the rule or the members hold, after the last sealed one; left out: of a new asset all, else the next epoch in which nothing is booked */
  'from_epoch'?: number | string | null;
  /** of the predecessor, when it counted a balance last; not used */
  'balance_updated'?: number | null;
}

/** What people set of a washing machine. */
export interface WashingMachineProperties {
  /** [seconds, watts], one after the other */
  'program': [number, number][];
  /** when somebody starts it; unheard while it runs */
  'starts': string[];
  /** after which it tries again when it got too little */
  'retry_seconds': number;
  /** 0 is shed first, 9 last */
  'shedding_priority': number;
  /** that a program takes; 0: none, as of a dryer */
  'water_litres': number;
}

/** Its readings; the unit is in the name. */
export interface WashingMachineReadings {
  /** of the program that runs; 0 when none does */
  'program_seconds_left': number;
  /** since the home began */
  'programs_finished': number;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface WashingMachineReported {
  /** its next tick */
  'tick': number;
  /** Where it stands in its program. */
  'state': WashingMachineState;
  /** Its readings; the unit is in the name. */
  'readings': WashingMachineReadings;
}

/** Where it stands in its program. */
export interface WashingMachineState {
  /** of its program; null when it has nothing to do */
  'position_seconds': number | null;
  /** how long it waits after it went without */
  'paused_until_unix_seconds': number;
  /** where it would be had it not waited; null when it has not */
  'due_position_seconds': number | null;
  /** programs since the home began */
  'finished': number;
}

/** Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next. */
export interface WeatherForecast {
  /** A half-open run of ticks: [start, start + ticks). */
  'span': Window;
  /** of Opened.revisions, which these signals answer */
  'revision': number;
  /** The signals of a weather; the unit is in the name. */
  'signals': WeatherSignals;
}

/** Where the weather comes from, and what it is when it is set by hand. */
export interface WeatherProperties {
  /** a weather file, chance from the home's seed, or the values below */
  'source': WeatherPropertiesSource;
  /** generated: months with the mean light and warmth of the place; by_latitude: as in 0.1, of the latitude only */
  'climate': WeatherPropertiesClimate;
  /** generated: light on level ground from January on, where you know it better */
  'monthly_ghi_kwh_m2': number[] | null;
  /** generated: mean air from January on, where you know it better */
  'monthly_air_celsius': number[] | null;
  /** path from the home file, or pvlib:12839.tm2 and such */
  'file': string | null;
  /** of the file; auto looks into it */
  'format': WeatherPropertiesFormat;
  /** let a file of one real year stand for every year */
  'repeat_year': boolean;
  /** how far from the home the file's station may be */
  'place_tolerance_km': number;
  /** moves the rows of a file whose stamps or time zone are wrong; later is positive */
  'time_shift_minutes': number;
  /** refuse a file whose light fits the sun only when it is moved by 45 minutes or more */
  'time_check': boolean;
  /** by hand: share of clear-sky light that haze lets through */
  'transparency_percent': number;
  /** by hand: share of the sky under clouds */
  'cloud_cover_percent': number;
  /** by hand */
  'air_temperature_celsius': number;
  /** by hand: at 10 m above ground */
  'wind_m_s': number;
}

export type WeatherPropertiesClimate = "of_place" | "by_latitude";

export type WeatherPropertiesFormat = "auto" | "tmy2" | "tmy3" | "epw" | "pvgis" | "nsrdb";

export type WeatherPropertiesSource = "file" | "generated" | "by_hand";

/** Its readings; the unit is in the name. */
export interface WeatherReadings {
  /** light on level ground, in mW/m2; left out: not known yet */
  'ghi_mw_m2'?: number | null;
  /** beam on what faces the sun, in mW/m2; left out: not known yet */
  'dni_mw_m2'?: number | null;
  /** diffuse light on level ground, in mW/m2; left out: not known yet */
  'dhi_mw_m2'?: number | null;
  /** of the air in the shade, in mK; left out: not known yet */
  'air_temperature_mk'?: number | null;
  /** 10 m above ground, in mm/s; left out: not known yet */
  'wind_mm_s'?: number | null;
  /** share of the sky under clouds; 1,000,000 is all of it; left out: not known yet */
  'cloud_ppm'?: number | null;
}

/** What a device publishes about itself, for people, at most once a second. */
export interface WeatherReported {
  /** its next tick */
  'tick': number;
  /** What a device remembers from one window to the next; it travels in the committed record as JSON. */
  'state': Record<string, any>;
  /** Its readings; the unit is in the name. */
  'readings': WeatherReadings;
}

/** The signals of a weather; the unit is in the name. */
export interface WeatherSignals {
  /** light on level ground, in mW/m2 */
  'ghi_mw_m2': RunLengths | Sampled;
  /** beam on what faces the sun, in mW/m2 */
  'dni_mw_m2': RunLengths | Sampled;
  /** diffuse light on level ground, in mW/m2 */
  'dhi_mw_m2': RunLengths | Sampled;
  /** of the air in the shade, in mK */
  'air_temperature_mk': RunLengths | Sampled;
  /** 10 m above ground, in mm/s */
  'wind_mm_s': RunLengths | Sampled;
  /** share of the sky under clouds; 1,000,000 is all of it */
  'cloud_ppm': RunLengths | Sampled;
}

/** The runs that are remembered, the newest first. */
export interface WhatIfList {
  /** results are kept of some of the last */
  'runs': WhatIfState[];
}

/** A run with its result. */
export interface WhatIfRun {
  /** How far a run is; also told whenever that changes, at most twice a second. */
  'state': WhatIfState;
  /** of its first tick; null: not begun */
  'from_unix_seconds'?: number | null;
  /** length in days @default 0 */
  'days'?: number;
  /** of all money @default "" */
  'currency'?: string;
  /** length of a row of the columns @default "hour" */
  'step'?: WhatIfRunStep;
  /** the variant that costs least, counted with what is left in its batteries */
  'best'?: number | null;
  /** when it is done @default [] */
  'variants'?: WhatIfVariant[];
}

export type WhatIfRunStep = "hour" | "day";

/** How far a run is; also told whenever that changes, at most twice a second. */
export interface WhatIfState {
  /** name of the run */
  'run': string;
  /** one run at a time; others wait */
  'state': WhatIfStateState;
  /** of all its variants @default 0 */
  'progress_ppm'?: number;
  /** how many runs come before it @default 0 */
  'place'?: number;
  /** why it failed */
  'error'?: string | null;
}

export type WhatIfStateState = "queued" | "running" | "done" | "failed" | "cancelled";

/** What came of one variant. */
export interface WhatIfVariant {
  /** for people; the first is the home as it is */
  'label': string;
  /** as they were asked for: home.set takes them device by device */
  'changes': Record<string, any>;
  /** why this variant cannot be lived; the others are there all the same */
  'error'?: string | null;
  /** as in a report: cost_micro_euro, import_joules, self_sufficiency_ppm, … */
  'totals'?: Record<string, number | null>;
  /** full cycles by battery, times a million */
  'cycles_ppm'?: Record<string, number | null>;
  /** hour by hour, or day by day: unix_seconds, import_joules, stored_joules, … */
  'columns'?: Record<string, number[]>;
  /** hash of its last seal @default "" */
  'head_seal'?: string;
}

/** A half-open run of ticks: [start, start + ticks). */
export interface Window {
  /** its first tick, counted from the start of the home */
  'start': number;
  /** how many */
  'ticks': number;
}

/** What each procedure is asked with, and what it answers; {home} and {device} stand for names. */
export interface Procedures {
  /** A link of the dashboard that is good once and within an hour, for somebody who is added when needed. */
  'joulebus.{home}.access.give': { ask: AskGiveAccess; answer: AccessGiven };
  /** All who may come in, by name. */
  'joulebus.{home}.access.list': { ask: Nothingness; answer: PeopleListed };
  /** Put somebody out: their open sessions end within a second. */
  'joulebus.{home}.access.revoke': { ask: AskRevokeAccess; answer: PeopleListed };
  /** Who is joined to the bus at this moment, the last who came first; at most half a second old. */
  'joulebus.{home}.access.sessions': { ask: Nothingness; answer: SessionsListed };
  /** How far it is, or what the last one found. */
  'joulebus.{home}.audit.get': { ask: Nothingness; answer: AuditState };
  /** Count all books again; when that is going on already, how far it is. */
  'joulebus.{home}.audit.start': { ask: Nothingness; answer: AuditState };
  /** A call without arguments. */
  'joulebus.{home}.clock.get': { ask: Nothingness; answer: ClockState };
  /** Stop after the open window; answered when it is settled. */
  'joulebus.{home}.clock.pause': { ask: Nothingness; answer: ClockState };
  /** Resume. */
  'joulebus.{home}.clock.resume': { ask: Nothingness; answer: ClockState };
  /** Change the speed. */
  'joulebus.{home}.clock.speed': { ask: AskSpeed; answer: ClockState };
  /** Advance by some ticks, then pause; answered when they have passed, or after some seconds. */
  'joulebus.{home}.clock.step': { ask: AskStep; answer: ClockState };
  /** What was changed about the home, or about one device. */
  'joulebus.{home}.historian.changes': { ask: AskChanges; answer: Changes };
  /** Micro-euro in a span: of import, of export, and their difference. */
  'joulebus.{home}.historian.cost': { ask: AskSpan; answer: History };
  /** What the inverter decided in a span, in words. */
  'joulebus.{home}.historian.decisions': { ask: AskDecisions; answer: Decisions };
  /** Joules in a span, by device, by flow, or by pair of accounts. */
  'joulebus.{home}.historian.energy': { ask: AskEnergy; answer: History };
  /** The highest quarter-hours of import in a span, and that of each month. */
  'joulebus.{home}.historian.peaks': { ask: AskPeaks; answer: Peaks };
  /** What the historian has, how far it is behind, and what is thinned out. */
  'joulebus.{home}.historian.state': { ask: Nothingness; answer: HistoryState };
  /** A call without arguments. */
  'joulebus.{home}.historian.totals': { ask: Nothingness; answer: Totals };
  /** A new device: checked here, started, and in the balance from the tick in the answer. */
  'joulebus.{home}.home.add': { ask: AskAdd; answer: Accepted };
  /** The running home as a home file. */
  'joulebus.{home}.home.export': { ask: Nothingness; answer: Exported };
  /** Let a device use the signals of others: it leaves, and comes again as a new one of its name. */
  'joulebus.{home}.home.hear': { ask: AskHear; answer: Accepted };
  /** A kind with the form of its properties, before there is a device of it. */
  'joulebus.{home}.home.kind': { ask: AskKind; answer: KindDetails };
  /** What kinds of devices there are. */
  'joulebus.{home}.home.kinds': { ask: Nothingness; answer: KindList };
  /** The roster, as the keeper has it. */
  'joulebus.{home}.home.list': { ask: Nothingness; answer: Listing };
  /** The last lines of the log of a part, also of one that has ended. */
  'joulebus.{home}.home.logs': { ask: AskLogs; answer: LogLines };
  /** Remove a device. */
  'joulebus.{home}.home.remove': { ask: AskDevice; answer: Accepted };
  /** Restart a part: its process ends and another one starts; the home waits for it, and nothing is lost. */
  'joulebus.{home}.home.restart': { ask: AskDevice; answer: Restarted };
  /** All parts of the home: state, start time, restarts, and the health that each reports. */
  'joulebus.{home}.home.status': { ask: Nothingness; answer: HomeStatus };
  /** Switch a device on or off. */
  'joulebus.{home}.home.switch': { ask: AskSwitch; answer: Accepted };
  /** A new home like another one. */
  'joulebus.{home}.homes.copy': { ask: AskCopyHome; answer: HomeOfMachine };
  /** A new home, which is not started yet. */
  'joulebus.{home}.homes.create': { ask: AskCreateHome; answer: HomeOfMachine };
  /** Delete a stopped home with all of its books. */
  'joulebus.{home}.homes.delete': { ask: AskDeleteHome; answer: HomesListed };
  /** A home as a home file: as it is now, when it has lived. */
  'joulebus.{home}.homes.export': { ask: AskHome; answer: Exported };
  /** All homes of this machine and the examples. */
  'joulebus.{home}.homes.list': { ask: Nothingness; answer: HomesListed };
  /** Start a home, or continue it; it is up when the list says that it is running. */
  'joulebus.{home}.homes.start': { ask: AskHome; answer: HomeOfMachine };
  /** Stop a home in order; `start` continues it. */
  'joulebus.{home}.homes.stop': { ask: AskHome; answer: HomeOfMachine };
  /** The home starts a device: answered when the device is ready, with the tick from which it takes part. */
  'joulebus.{home}.inverter.admit': { ask: AskAdmit; answer: Accepted };
  /** A call without arguments. */
  'joulebus.{home}.inverter.balance': { ask: Nothingness; answer: Balance };
  /** A device has accepted new properties, or a program sets what it steers. */
  'joulebus.{home}.inverter.change': { ask: AskChange; answer: Accepted };
  /** Who changed what, the last first. */
  'joulebus.{home}.inverter.change_log': { ask: AskChangeLog; answer: ChangeLog };
  /** The home stops a device. */
  'joulebus.{home}.inverter.dismiss': { ask: AskDismiss; answer: Accepted };
  /** A device can take part: from the next tick that can still be changed, when it does not already. */
  'joulebus.{home}.inverter.ready': { ask: AskDevice; answer: Accepted };
  /** Records of the journal from this number on. */
  'joulebus.{home}.inverter.replay': { ask: AskReplay; answer: Replay };
  /** A device comes (back). */
  'joulebus.{home}.inverter.resume': { ask: AskDevice; answer: Resume };
  /** A call without arguments. */
  'joulebus.{home}.layout.get': { ask: Nothingness; answer: Layout };
  /** Arrange devices and groups; kept when it is answered. */
  'joulebus.{home}.layout.set': { ask: AskArrange; answer: Arranged };
  /** Assets whose name contains a text. */
  'joulebus.{home}.market.asset.find': { ask: FindAssets; answer: Assets };
  /** An asset and its rule. */
  'joulebus.{home}.market.asset.get': { ask: AskAsset; answer: Asset };
  /** Make an asset, or change it. */
  'joulebus.{home}.market.asset.upsert': { ask: Upsert; answer: MarketDone };
  /** Energy of a meter in an epoch. */
  'joulebus.{home}.market.balancing.add_settlement': { ask: AddSettlement; answer: Booked };
  /** Sealed when it is sealed, else as it stands. */
  'joulebus.{home}.market.balancing.balance': { ask: AskBalance; answer: AssetBalance };
  /** A seal that can be verified offline. */
  'joulebus.{home}.market.balancing.certificate': { ask: AskBalance; answer: Certificate };
  /** Book a late value in an open epoch. */
  'joulebus.{home}.market.balancing.correct_late': { ask: CorrectLate; answer: Booked };
  /** Take a late value off the list. */
  'joulebus.{home}.market.balancing.dismiss_late': { ask: DismissLate; answer: Dismissed };
  /** Take many late values off the list, and say why. */
  'joulebus.{home}.market.balancing.dismiss_lates': { ask: DismissLates; answer: DismissedLates };
  /** Whether an asset is sealed in an epoch. */
  'joulebus.{home}.market.balancing.is_sealed': { ask: AskBalance; answer: IsSealed };
  /** Values that came after their seal and wait for a correction. */
  'joulebus.{home}.market.balancing.late': { ask: AskPage; answer: Lates };
  /** The last balances, newest first. */
  'joulebus.{home}.market.balancing.latest_balances': { ask: AskLatest; answer: Balances };
  /** Who is balanced against an asset. */
  'joulebus.{home}.market.balancing.peers': { ask: AskPeers; answer: Peers };
  /** All postings of an epoch, page by page. */
  'joulebus.{home}.market.balancing.postings': { ask: AskPostings; answer: Postings };
  /** Seal an asset in an epoch. */
  'joulebus.{home}.market.balancing.seal': { ask: SealAsset; answer: Sealed };
  /** Seal an epoch from the meters up to the root. */
  'joulebus.{home}.market.balancing.seal_epoch': { ask: SealEpoch; answer: SealedEpoch };
  /** What a seal says. */
  'joulebus.{home}.market.balancing.sealed_balance': { ask: AskBalance; answer: AssetBalance };
  /** Postings of an asset, the newest first. */
  'joulebus.{home}.market.balancing.statements': { ask: AskStatements; answer: Statements };
  /** What a seal would say, with its postings. */
  'joulebus.{home}.market.balancing.unsealed_balance': { ask: AskBalance; answer: AssetBalance };
  /** Who changed what, the last first. */
  'joulebus.{home}.market.books.changes': { ask: AskMarketChanges; answer: MarketChanges };
  /** Length of an epoch and name of the root, before anything is booked. */
  'joulebus.{home}.market.books.open': { ask: OpenBooks; answer: BooksState };
  /** Where the books stand: revision, length of an epoch, public key. */
  'joulebus.{home}.market.books.state': { ask: AskNothing; answer: BooksState };
  /** The same as a table. */
  'joulebus.{home}.market.clearing.csv': { ask: AskClearing; answer: CsvText };
  /** Energy and money of a meter, epoch by epoch. */
  'joulebus.{home}.market.clearing.retrieve': { ask: AskClearing; answer: Clearings };
  /** A contract with a partner. */
  'joulebus.{home}.market.contract.add': { ask: AddContract; answer: ContractAdded };
  /** End a contract. */
  'joulebus.{home}.market.contract.end': { ask: EndContract; answer: MarketDone };
  /** Contracts, and how much of each was served. */
  'joulebus.{home}.market.contract.list': { ask: AskContracts; answer: Contracts };
  /** Change a contract. */
  'joulebus.{home}.market.contract.update': { ask: UpdateContract; answer: MarketDone };
  /** A day of readings of a demo meter. */
  'joulebus.{home}.market.demometer.populate24h': { ask: Populate; answer: Populated };
  /** Put a contract into the merit order. */
  'joulebus.{home}.market.meritorder.add': { ask: MoveContract; answer: Order };
  /** In which order a seller serves its contracts. */
  'joulebus.{home}.market.meritorder.get': { ask: AskOrder; answer: Order };
  /** Put a contract at another place. */
  'joulebus.{home}.market.meritorder.move': { ask: MoveContract; answer: Order };
  /** Serve a contract no more. */
  'joulebus.{home}.market.meritorder.remove': { ask: RemoveFromOrder; answer: Order };
  /** The whole merit order of a seller. */
  'joulebus.{home}.market.meritorder.set': { ask: SetOrder; answer: Order };
  /** What meters took and gave in an epoch, from a ledger. */
  'joulebus.{home}.market.metering.book_epoch': { ask: BookEpoch; answer: BookedEpoch };
  /** The last reading of a meter. */
  'joulebus.{home}.market.metering.last_reading': { ask: AskMeter; answer: Reading };
  /** What a meter's counter shows. */
  'joulebus.{home}.market.metering.update_reading': { ask: UpdateReading; answer: Read };
  /** Energy laid over epochs; books nothing. */
  'joulebus.{home}.market.settlement.retrieve': { ask: AskSettlement; answer: Settlement };
  /** How long an epoch is. */
  'joulebus.{home}.market.tariff.epoch_duration': { ask: AskNothing; answer: EpochDuration };
  /** The prices that hold in an epoch. */
  'joulebus.{home}.market.tariff.get_prices': { ask: AskPrices; answer: Prices };
  /** Segment and price, epoch by epoch; the next 24 h. */
  'joulebus.{home}.market.tariff.labels': { ask: AskLabels; answer: LabelledEpochs };
  /** All prices and since when they hold. */
  'joulebus.{home}.market.tariff.list_prices': { ask: AskPage; answer: PriceList };
  /** Which segment holds in which epochs. */
  'joulebus.{home}.market.tariff.set_labels': { ask: SetLabels; answer: MarketDone };
  /** What a kWh costs, from an epoch on. */
  'joulebus.{home}.market.tariff.set_prices': { ask: SetPrices; answer: MarketDone };
  /** All that a screen shows, at a revision. */
  'joulebus.{home}.screen.snapshot': { ask: Nothingness; answer: ScreenSnapshot };
  /** Cancel a run; one that is over stays as it is. */
  'joulebus.{home}.whatif.cancel': { ask: AskRun; answer: WhatIfState };
  /** A run, and its result when it is done. */
  'joulebus.{home}.whatif.get': { ask: AskRun; answer: WhatIfRun };
  /** All runs that are remembered. */
  'joulebus.{home}.whatif.list': { ask: Nothingness; answer: WhatIfList };
  /** Start a run, or let it wait for the one before. */
  'joulebus.{home}.whatif.start': { ask: AskWhatIf; answer: WhatIfState };
  /** What the inverter is. */
  'joulebus.{home}.{device}.describe': { ask: Nothingness; answer: Description };
  /** The properties of the inverter in force. */
  'joulebus.{home}.{device}.get': { ask: Nothingness; answer: ApplianceProperties | BaseloadProperties | BatteryProgramProperties | BatteryProperties | BoilerProperties | CarProgramProperties | CarProperties | ChargerProperties | Fields | ForeignProperties | FridgeProperties | GasProperties | GeyserProperties | GridProperties | InverterProperties | LightsProperties | MeterProperties | MeterReaderProperties | OvenProperties | PanelProperties | SunProperties | TvProperties | WashingMachineProperties | WeatherProperties };
  /** The health of this component: whether it can do its job, and its last tick. */
  'joulebus.{home}.{device}.health': { ask: Nothingness; answer: Health };
  /** Change some properties of the inverter. */
  'joulebus.{home}.{device}.set': { ask: AskSetAppliance | AskSetBaseload | AskSetBattery | AskSetBatteryProgram | AskSetBoiler | AskSetCar | AskSetCarProgram | AskSetCharger | AskSetForeign | AskSetFridge | AskSetGas | AskSetGeyser | AskSetGrid | AskSetInverter | AskSetLights | AskSetMeter | AskSetMeterReader | AskSetOven | AskSetPanel | AskSetSun | AskSetTv | AskSetWashingMachine | AskSetWeather | Fields; answer: Accepted };
  /** State and readings of the inverter. */
  'joulebus.{home}.{device}.state': { ask: Nothingness; answer: ApplianceReported | BaseloadReported | BatteryProgramReported | BatteryReported | BoilerReported | CarProgramReported | CarReported | ChargerReported | ForeignReported | FridgeReported | GasReported | GeyserReported | GridReported | InverterReported | LightsReported | MeterReaderReported | MeterReported | OvenReported | PanelReported | Reported | SunReported | TvReported | WashingMachineReported | WeatherReported };
}

/** What is published on each topic; {home} and {device} stand for names. */
export interface Topics {
  /** How far the audit is, and what it found; also told whenever that changes, at most twice a second. */
  'joulebus.{home}.audit.changed': AuditState;
  /** Where time is, how fast it goes, and who holds it up. */
  'joulebus.{home}.clock.changed': ClockState;
  /** The historian has everything up to and with this record of the journal. */
  'joulebus.{home}.historian.kept': Kept;
  /** A part of the home ends again and again, or does so no more. */
  'joulebus.{home}.home.trouble': PartTrouble;
  /** The clock is stopped, and why. */
  'joulebus.{home}.inverter.blocked': Blocked;
  /** The inverter opens a window: every device of the roster offers for it. */
  'joulebus.{home}.inverter.opened': Opened;
  /** A packet that was not taken, and why; nothing in the books has changed. */
  'joulebus.{home}.inverter.refused': PacketRefused;
  /** The committed and durable outcome of a window. */
  'joulebus.{home}.inverter.settled': Settled;
  /** Somebody has arranged something: named entries are replaced, null takes one away. */
  'joulebus.{home}.layout.changed': LayoutChanged;
  /** A change was accepted and is durable. Revisions have no gaps; one that comes again after a crash is the same again. */
  'joulebus.{home}.market.changed': MarketChanged;
  /** The market cannot do what its home's ledger or file says, or can again: said once when it begins and once when it ends. */
  'joulebus.{home}.market.trouble': MarketTrouble;
  /** What is different since the revision before: named entries are replaced, null takes one away. */
  'joulebus.{home}.screen.changed': ScreenChanged;
  /** The home at this moment: at most ten times a second at any speed, at most 8 kB, and each second when nothing moves. */
  'joulebus.{home}.screen.summary': Summary;
  /** How far a run is; also told whenever that changes, at most twice a second. */
  'joulebus.{home}.whatif.changed': WhatIfState;
  /** Events that could not be read, or whose handler failed, and that had no effect. Published at most once a second. */
  'joulebus.{home}.{device}.dropped': Dropped;
  /** Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next. */
  'joulebus.{home}.{device}.forecast': Forecast | GridForecast | SunForecast | WeatherForecast;
  /** The packet of a device for a window; its id is (home, device, window): posted twice it counts once. */
  'joulebus.{home}.{device}.offered': Offered;
  /** The running quarter-hour at the grid connection, said once a real second as long as time goes on. */
  'joulebus.{home}.{device}.quarter': QuarterSeen;
  /** What has come from a real meter, at most once a second; it counts since the reader's process began. */
  'joulebus.{home}.{device}.received': TelegramReceived;
  /** What a device publishes about itself, for people, at most once a second. */
  'joulebus.{home}.{device}.reported': ApplianceReported | BaseloadReported | BatteryProgramReported | BatteryReported | BoilerReported | CarProgramReported | CarReported | ChargerReported | ForeignReported | FridgeReported | GasReported | GeyserReported | GridReported | InverterReported | LightsReported | MeterReaderReported | MeterReported | OvenReported | PanelReported | Reported | SunReported | TvReported | WashingMachineReported | WeatherReported;
  /** A telegram (eMUCS-P1 2.1.1), as it goes through all doors of the meter. */
  'joulebus.{home}.{device}.telegram': TelegramSent;
}
