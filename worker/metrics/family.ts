/** A metric with all its samples, as Prometheus knows them. */

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
	readonly labels: Labels;
	readonly value: number;
	/** Of a histogram's samples. */
	readonly suffix?: "_bucket" | "_sum" | "_count";
}

export interface Family {
	readonly name: string;
	readonly help: string;
	readonly type: "counter" | "gauge" | "histogram";
	readonly samples: readonly Sample[];
}
