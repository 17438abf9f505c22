import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0002_judgements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('trial', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='listing', serialize=False, to='trials.trial')),
                ('listed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-listed_at', 'trial'],
                'indexes': [models.Index(fields=['-listed_at', 'trial'], name='trials_list_listed__cc8610_idx')],
            },
        ),
    ]
