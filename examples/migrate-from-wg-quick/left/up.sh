#!/bin/sh -e
# What "wg-quick up wg0" did on the left end.
cd "$(dirname "$0")"
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.2.0/24 10.10.0.1
culvert route add 2001:db8:2::/64 fd00:10::1
