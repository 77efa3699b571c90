#!/bin/sh -e
# What old-vti.sh did on the right end.
cd "$(dirname "$0")"
# -u in setkey.conf names the policies of an interface by numbers that are known beforehand.
culvert sysctl -w net.ipsecif.use_fixed_reqid=1
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.1.0/24 -interface ipsec0
