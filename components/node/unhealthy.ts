/** How the reason of a resource begins that could not be looked at, so that its last known state was kept. */
export const unhealthy = "unhealthy, last known state kept: ";
