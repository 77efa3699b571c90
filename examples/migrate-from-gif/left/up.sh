#!/bin/sh -e
# What the old- files did on the left end.
cd "$(dirname "$0")"
# -u in setkey.conf names the policies of an interface by numbers that are known beforehand.
culvert sysctl -w net.ipsecif.use_fixed_reqid=1
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.2.0/24 172.16.2.1
culvert route add 2001:db8:2::/64 fd00:2::1
