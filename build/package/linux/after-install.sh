#!/bin/sh
set -e
# Chromium's sandbox is made of user namespaces. Where nobody but root may make them, its program for that gets the right.
sandbox=/opt/Culvert/chrome-sandbox
if grep -qx 0 /proc/sys/kernel/unprivileged_userns_clone /proc/sys/user/max_user_namespaces 2>/dev/null; then
  chmod 4755 "$sandbox"
fi
# The profile is of use where AppArmor knows user namespaces; elsewhere it would be a syntax error.
if [ -e /etc/apparmor.d/abi/4.0 ]; then
  install -m 644 /opt/Culvert/resources/apparmor-profile /etc/apparmor.d/culvert
  if command -v apparmor_parser >/dev/null; then
    apparmor_parser -r -W -T /etc/apparmor.d/culvert || true
  fi
fi
if command -v systemd-sysusers >/dev/null; then
  systemd-sysusers culvert.conf
else
  getent group culvert >/dev/null || groupadd --system culvert
fi
if command -v systemd-tmpfiles >/dev/null; then
  systemd-tmpfiles --create culvert.conf || true
fi
# What a person has disabled stays so: only the first installation (deb: no older version; rpm: 1) turns the helper on.
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  if [ "$1:$2" = configure: ] || [ "$1" = 1 ]; then
    systemctl enable --now culvertd.service || true
  fi
fi
