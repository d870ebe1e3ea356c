#!/bin/sh
# Started by Miniflare instead of workerd itself, so that its process id is known: exec keeps it.
# A terminal's Ctrl-C goes to the whole group: when workerd ends is the router's to say, after its streams.
trap "" INT HUP
echo $$ > "$HERD_WORKERD_PID_FILE"
exec "$HERD_WORKERD" "$@"
