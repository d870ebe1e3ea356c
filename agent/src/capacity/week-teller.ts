import type { WeekMap } from "../../../worker/protocol/capacity.ts";
import type { HeartbeatReply } from "../../../worker/protocol/heartbeat.ts";

/** The week travels only when it has changed or the router lacks it. */
export class WeekTeller {
	/** What the router has, as text. */
	#taken: string | undefined;
	#sent: string | undefined;

	/** The week, if the next beat should carry it. */
	next(week: WeekMap): WeekMap | undefined {
		const text = JSON.stringify(week);
		if (text === this.#taken) return undefined;
		this.#sent = text;
		return week;
	}

	heard({ status, need_week: isWanted }: HeartbeatReply): void {
		this.#taken = isWanted === true || status === "pending" ? undefined : (this.#sent ?? this.#taken);
		this.#sent = undefined;
	}
}
