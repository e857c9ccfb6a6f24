// From where on an explanation says that a characteristic was seen. For the words only: no verdict rests on these.

/** New addresses per independent look: root split of FluxBuster's released tree. */
export const GROWING = 0.122
/** Independent looks before it is said that nothing new comes. Hand-set. */
export const LEAST_LOOKS = 3
/** Operators at one vantage: Hsu et al., RAID 2010, called three ASNs benign and four flux. */
export const MANY_OPERATORS = 4
/** "Mostly" consumer networks: more than half of the addresses of known kind. */
export const MOSTLY = 0.5
/** Seconds. AA25-093A: addresses of a fluxing name change every three to five minutes. */
export const LOW_TTL_SECONDS = 300
/** Operators behind moving name servers; one or two is what every DNS hoster does when it renumbers. Hand-set. */
export const UNRELATED_NAME_SERVERS = 3
/** Seconds. Three in four domains whose name servers move changed once within this time (Konte et al., PAM 2009, figure 2). */
export const NAME_SERVER_WATCH_SECONDS = 210_000
/** Share of the name servers' addresses that serve the name too; 3 % with Alexa's, 88 % in a campaign (Konte et al.). */
export const SHARED_ROLES = 0.1
/** Share of a look's addresses that were there the look before, under which each answer is a new draw. Hand-set. */
export const NEW_DRAW = 0.25
/** Share of a look's addresses that had been gone, from which known machines come back rather than die. Hand-set. */
export const RETURNING = 0.2
