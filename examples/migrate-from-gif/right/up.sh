#!/bin/sh -e
# What the old- files did on the right end.
cd "$(dirname "$0")"
# -u in setkey.conf names the policies of an interface by numbers that are known beforehand.
culvert sysctl -w net.ipsecif.use_fixed_reqid=1
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.1.0/24 172.16.1.1
culvert route add 2001:db8:1::/64 fd00:1::1
