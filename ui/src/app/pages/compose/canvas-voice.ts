/** What the canvas says to those who hear it: Foblex speaks English by itself. */
export const CANVAS_VOICE = {
  flow: $localize`flow diagram`,
  node: $localize`device`,
  group: $localize`group`,
  connection: $localize`line`,
  instructions: $localize`Use arrow keys to move between devices (hold Shift to choose more of them). Hold Space and use arrow keys to move what is chosen, or press Space to grab and again to drop. C draws an arrow to who is to hear the device, Delete removes what is chosen, Escape cancels.`,
  connectionLabel: (from: string, to: string) => $localize`Line from ${deviceOf(from)}:NAME: to ${deviceOf(to)}:OTHER:`,
  nodeFocused: (label: string, index: number, count: number) => $localize`${label}:NAME:, ${index}:NUMBER: of ${count}:COUNT:`,
  allSelected: (count: number) => $localize`${count}:COUNT: are chosen`,
  selectionCleared: $localize`Nothing is chosen`,
  itemsCount: (count: number) => $localize`${count}:COUNT: devices`,
  grabbed: (label: string) => $localize`${label}:NAME: is grabbed. Use arrow keys to move it, Space to drop it, Escape to put it back`,
  dropped: (label: string, x: number, y: number) => $localize`${label}:NAME: is dropped at ${x}:X:, ${y}:Y:`,
  moveCancelled: (label: string) => $localize`${label}:NAME: is where it was`,
  connectStarted: (label: string) =>
    $localize`An arrow from ${label}:NAME:. Use arrow keys to choose who is to hear it, Enter to draw it, Escape to cancel`,
  connectTarget: (label: string, index: number, count: number) => $localize`${label}:NAME:, ${index}:NUMBER: of ${count}:COUNT:`,
  connected: (from: string, to: string) => $localize`An arrow from ${from}:NAME: to ${to}:OTHER: is asked for`,
  connectCancelled: $localize`No arrow is drawn`,
  connectUnavailable: $localize`Nobody can hear it, or only an admin may draw arrows`,
  connectRequiresSingleNode: $localize`Choose one device to draw an arrow from it`,
  deleteRequested: (count: number) => $localize`Removal of ${count}:COUNT: is asked for`,
  zoom: (percent: number) => $localize`Zoom ${percent}:PERCENT: %`,
};

/** Lines begin and end at `out-` and `in-` of a device. */
export function deviceOf(end: string): string {
  return end.replace(/^(in|out)-/, '');
}
