#!/bin/sh -e
# Spoke 2: everything of the company is behind the hub.
cd "$(dirname "$0")"
# -u in setkey.conf names the policies of an interface by numbers that are known beforehand.
culvert sysctl -w net.ipsecif.use_fixed_reqid=1
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.0.0/16 172.16.2.1
culvert route add 2001:db8::/32 fd00:2::1
