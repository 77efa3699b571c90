#!/bin/sh
set -e
# Another version comes (deb: "upgrade", rpm: 1), or this one could not be installed.
case "$1" in
  remove | purge | 0) ;;
  *) exit 0 ;;
esac
if [ -e /etc/apparmor.d/culvert ]; then
  if command -v apparmor_parser >/dev/null; then
    apparmor_parser -R /etc/apparmor.d/culvert || true
  fi
  rm -f /etc/apparmor.d/culvert
fi
# What Node.js compiled.
rm -rf /var/cache/culvert/compiled
rmdir /var/cache/culvert 2>/dev/null || true
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
# Profiles, keys and the group go when the person says so (apt purge), not before.
if [ "$1" = purge ]; then
  rm -rf /var/lib/culvert /run/culvert /etc/default/culvert
  if getent group culvert >/dev/null; then
    groupdel culvert || true
  fi
fi
