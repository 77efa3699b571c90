#!/bin/sh
set -e
# An upgrade (deb: "upgrade", rpm: 1) goes on with the helper that runs; the next start takes the new one.
case "$1" in
  remove | 0) ;;
  *) exit 0 ;;
esac
if [ -d /run/systemd/system ]; then
  systemctl disable --now culvertd.service || true
fi
/opt/Culvert/resources/helper/bin/culvertd --remove-leftovers --state-dir /var/lib/culvert || true
