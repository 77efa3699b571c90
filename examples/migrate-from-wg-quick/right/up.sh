#!/bin/sh -e
# What "wg-quick up wg0" did on the right end.
cd "$(dirname "$0")"
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.1.0/24 10.10.0.2
culvert route add 2001:db8:1::/64 fd00:10::2
