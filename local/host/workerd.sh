#!/bin/sh
# Started by Miniflare instead of workerd itself, so that its process id is known: exec keeps it.
echo $$ > "$HERD_WORKERD_PID_FILE"
exec "$HERD_WORKERD" "$@"
