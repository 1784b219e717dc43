"""Pricing and discounts as LAMBDAs."""

from __future__ import annotations

from xlsales.functions.errors import NUM
from xlsales.lambdas.body import body

BODIES = {
    "BREAKEVEN_REVENUE": body(
        'IF(basis="PROFIT",revenue/(1-discount),revenue*(1-discount)*gross_margin/(gross_margin-discount))',
        ('AND(basis="PRICE",discount>=gross_margin)', NUM),
    ),
    "BREAKEVEN_UPLIFT": body(
        'IF(measure="PROFIT",discount/(1-discount),'
        'discount/(gross_margin-discount)*IF(measure="PRICE",1-gross_margin,1))',
        ('AND(measure<>"PROFIT",discount>=gross_margin)', NUM),
    ),
    "MARGIN_AFTER_DISCOUNT": body("(gross_margin-discount)/(1-discount)"),
    "DISCOUNT_GUARD": body(
        'IF(ROUND((gross_margin-discount)/(1-discount)-minimum_margin,12)<0,"NO",'
        'IF(AND(first_sale=1,discount>0),"APPROVAL","OK"))'
    ),
}
