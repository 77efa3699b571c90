#!/bin/sh
set -e
case "$1" in
  upgrade | 1) exit 0 ;;
esac
if [ -e /etc/apparmor.d/culvert ]; then
  apparmor_parser -R /etc/apparmor.d/culvert || true
  rm -f /etc/apparmor.d/culvert
fi
# Profiles and keys go when the person says so (apt purge), not before.
if [ "$1" = purge ]; then
  rm -rf /var/lib/culvert
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
