from django.db import models

from .customers import Customer
from .installations import Installation
from .orders import Order
from .products import Product


class Learning(models.Model):
    """What a shop's orders say as a whole, and how far the walk that counts them has come."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    customers = models.PositiveIntegerField(default=0)  # who bought something
    cursor = models.BigIntegerField(default=0)  # the last customer whose orders the walk counted
    learnt_at = models.DateTimeField(null=True)  # when a walk was over last
    favourites = models.JSONField(default=dict)  # {channel: [product's id here, those that most bought lately first]}
    favourites_at = models.DateTimeField(null=True)  # when they were looked for last
    due_at = models.DateTimeField(null=True)  # of the walk's next block, or of the next walk

    class Meta:
        # Read by the sweep.
        indexes = [models.Index(fields=["due_at"], name="learning_due")]


class CountedOrder(models.Model):
    """An order as it was counted: whose, on which day, of which products. One that does not count has no row."""

    order = models.OneToOneField(Order, models.CASCADE, primary_key=True)
    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE)
    day = models.DateField()  # in UTC
    products = models.JSONField()  # ids here, ascending

    class Meta:
        # Read for the favourites.
        indexes = [models.Index(fields=["installation", "day"], name="counted_order_day")]


class ProductCount(models.Model):
    """How many customers bought a product, and how many of them on a second day."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True)
    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    buyers = models.IntegerField()
    again = models.IntegerField()

    class Meta:
        # Read for what may be offered beside what goes with what somebody bought.
        indexes = [models.Index(fields=["installation", "-buyers"], name="product_count_buyers")]


class ProductPair(models.Model):
    """How many customers bought two products within ``TOGETHER_DAYS`` of each other."""

    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    one = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)  # the smaller id
    other = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    customers = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="product_pair")]
        indexes = [models.Index(fields=["other"], name="product_pair_other")]
