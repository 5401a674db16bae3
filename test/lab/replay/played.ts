export type Settings = Record<string, unknown>;

/** A network that is played: how it is made, and what its settings are drawn from. */
export interface Played {
  /** The component's class. */
  component: string;
  /** The settings in force, as a NetworkRecord keeps them; throws where they are not in order. */
  recorded(settings: Settings): Record<string, unknown>;
  /** What settings have besides those that are drawn. */
  always?: Settings;
  /**
   * The first of each is what the first run begins with; undefined leaves the setting out. `nodes` are names of those
   * that the stage has; a network without is objects alone.
   */
  choices: Record<string, readonly unknown[]>;
}

/** Each reads settings in its own form, which what is drawn is only found to be in by reading it. */
export function played(network: Omit<Played, "recorded"> & { recorded(settings: never): Settings }): Played {
  return network as Played;
}
