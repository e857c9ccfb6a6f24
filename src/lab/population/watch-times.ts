// For how long members are watched, virtual seconds.

export const TWO_HOURS = 7200
export const DAY = 86_400
/** Konte et al. (2009): three quarters of the fluxing domains moved a name server within 2.1e5 s. */
export const THREE_DAYS = 3 * DAY
